/** How the game is played, and what a record says of it and of the move. */
import type { JSX } from 'preact';
import { SEARCH_LEVEL, type BoardState } from '../../server/protocol/board.ts';
import { store } from '../store.ts';
import { resultName, sizeName } from '../words.ts';
import { RULE_NAMES } from './newGame.ts';

export const GameInfo = (): JSX.Element => {
  const board = store.board.value;
  const comment = board && commentAt(board);
  return (
    <section class="game-info" aria-label="About the game">
      <p class="game-facts">{board ? facts(board) : ' '}</p>
      {comment !== undefined && (
        <div class="comment" tabIndex={0} role="region" aria-label="Comment">
          {comment}
        </div>
      )}
    </section>
  );
};

const facts = ({ start, viewers, black, white, seconds, result }: BoardState): string => {
  const { komi, rules, handicap } = start;
  return [
    sizeName(start),
    handicap > 0 ? `${handicap} handicap stones` : [],
    `komi ${komi}`,
    `${Object.hasOwn(RULE_NAMES, rules) ? RULE_NAMES[rules as keyof typeof RULE_NAMES] : rules} rules`,
    black === SEARCH_LEVEL || white === SEARCH_LEVEL ? `${seconds} s a move` : [],
    result === null ? [] : resultName(result),
    viewers > 1 ? `${viewers} watching` : [],
  ]
    .flat()
    .join(' · ');
};

const commentAt = ({ start }: BoardState): string | undefined => {
  const node = store.node.value;
  return node === 0 ? start.comment : store.index.value.byId.get(node)?.comment;
};
