/** Who plays, what they took, and whose turn it is; choosing one leads to changing that. */
import type { JSX } from 'preact';
import { colorOf, type BoardState, type ColorLetter } from '../../server/protocol/board.ts';
import { can, openDialog } from '../actions.ts';
import { store } from '../store.ts';
import { colorName, levelName, playerName } from '../words.ts';

export const Players = (): JSX.Element => (
  <section class="players" aria-label="Players">
    <Player color="W" />
    <Player color="B" />
  </section>
);

const Player = ({ color }: { readonly color: ColorLetter }): JSX.Element => {
  const board = store.board.value;
  const captures = store.game.value.board.captures[colorOf(color)];
  const name = board ? playerName(board, color, store.canWrite.value) : colorName(color);
  const level = board && levelName(board, color);
  const isTurn = board !== undefined && board.result === null && store.toPlay.value === color;
  return (
    <button
      type="button"
      class={`player${isTurn ? ' is-turn' : ''}`}
      title={`${name}: change players`}
      aria-haspopup="dialog"
      disabled={!can.change()}
      onClick={() => openDialog('players')}
    >
      <span class={`disc disc-${color}`} role="img" aria-label={colorName(color)} />
      <span class="player-name">
        {name}
        {level !== undefined && <span class="player-level"> {level}</span>}
      </span>
      <span class="player-captures" title={captures > 0 ? 'Stones captured' : undefined}>
        {captures > 0 && (
          <>
            <span aria-hidden="true">+{captures}</span>
            <span class="visually-hidden">{captures} captured</span>
          </>
        )}
      </span>
      <span class={`turn${isTurn && isThinkingNow(board) ? ' is-thinking' : ''}`} aria-hidden="true" />
    </button>
  );
};

const isThinkingNow = (board: BoardState): boolean => board.isThinking && store.node.value === board.current;
