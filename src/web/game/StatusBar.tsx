/**
 * One line above the board: whose turn it is or how the game ended; and, where this browser has lost the server or looks at
 * a position by itself, that, with the way back. What is long takes two lines.
 */
import type { ComponentChildren, JSX } from 'preact';
import { ROOT } from '../../server/protocol/board.ts';
import { attach, bringHere, can, openDialog, setPlaying } from '../actions.ts';
import type { ConnectionState } from '../connection.ts';
import { Button } from '../shell/Button.tsx';
import { store } from '../store.ts';
import { moveName } from '../words.ts';

const CONNECTION_TEXTS: Readonly<Record<Exclude<ConnectionState, 'online'>, string>> = {
  connecting: 'Setting up the board',
  offline: 'No connection. Trying again; the board is kept.',
  restarting: 'The server restarts. The board is kept.',
  outdated: 'The server has a newer page.',
};

export const StatusBar = (): JSX.Element => {
  const connection = store.connection.value;
  const board = store.board.value;
  if (connection === 'outdated') {
    return (
      <Bar kind="warning" text={CONNECTION_TEXTS[connection]}>
        <Button label="Load it" kind="primary" onClick={() => location.reload()} />
      </Bar>
    );
  }
  if (connection !== 'online')
    return (
      <Bar kind={connection === 'connecting' ? 'plain' : 'warning'} text={CONNECTION_TEXTS[connection]} />
    );
  if (!board) {
    const isReader = store.welcome.value?.canWrite === false;
    return (
      <Bar
        kind="plain"
        text={isReader ? 'Only those with the token may begin a game' : CONNECTION_TEXTS.connecting}
      >
        {isReader && <TokenButton />}
      </Bar>
    );
  }
  const { detached } = store;
  if (detached.value !== undefined) {
    const isElsewhere = detached.value !== board.current;
    return (
      <Bar
        kind="note"
        text={
          <>
            <span class="wide-only">Looking at </span>
            {placeName(detached.value)}
          </>
        }
      >
        {store.canWrite.value && isElsewhere && <Button label="Play here" onClick={bringHere} />}
        <Button label="Back to board" kind="primary" onClick={attach} />
      </Bar>
    );
  }
  const hasHane = board.black !== 'human' || board.white !== 'human';
  const waits = hasHane && !board.isPlaying && !board.scoring && board.result === null;
  return (
    <Bar kind="plain" text={store.status.value ?? ''}>
      {!store.canWrite.value && <TokenButton />}
      {waits && can.setPlaying() && (
        <Button label="Go on from here" kind="primary" onClick={() => setPlaying(true)} />
      )}
      {board.resultNode === store.node.value && can.change() && (
        <Button label="New game" kind="primary" onClick={() => openDialog('newGame')} />
      )}
    </Bar>
  );
};

const TokenButton = (): JSX.Element => <Button label="Enter a token" onClick={() => openDialog('token')} />;

interface BarProps {
  readonly kind: 'plain' | 'note' | 'warning';
  readonly text: ComponentChildren;
  readonly children?: ComponentChildren;
}

const Bar = ({ kind, text, children }: BarProps): JSX.Element => (
  <div class={`status status-${kind}`}>
    <span class="status-text" role={kind === 'warning' ? 'alert' : undefined}>
      {text}
    </span>
    {children}
  </div>
);

/** "move 23, Black D4"; "the start". */
const placeName = (node: number): string => {
  const { byId, depths } = store.index.value;
  const move = byId.get(node);
  return node === ROOT || !move
    ? 'the start'
    : `move ${depths.get(node)}, ${moveName(move.color, move.vertex)}`;
};
