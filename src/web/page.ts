/**
 * The page's one session, its connection and what ties them to the browser: the address, the title, what is remembered.
 * Everything here is wiring; the decisions are in session.ts.
 */
import { effect } from '@preact/signals';
import { isBoardSize } from '../../engine/coords.ts';
import { SOCKET_PATH, type NewGame } from '../server/protocol/messages.ts';
import { OVERLAYS } from './board/overlay.ts';
import { Connection, socketUrl } from './connection.ts';
import { makeNewGame, parseChoices } from './game/newGame.ts';
import { parseLink } from './link.ts';
import { keepRecent } from './record/recent.ts';
import { Session } from './session.ts';
import { oneOf, recall, remember } from './storage.ts';
import { store } from './store.ts';

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const asSize = (value: unknown): number | undefined =>
  typeof value === 'number' && isBoardSize(value, value) ? value : undefined;
const asFlag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** The game that a visitor without a link finds. */
const firstGame = (): NewGame => {
  const choices = parseChoices(recall('choices', value => value));
  // Nobody asked hane to play itself yet.
  return makeNewGame(choices.side === 'watch' ? { ...choices, side: 'black' } : choices);
};

export const session: Session = new Session({
  store,
  address: {
    read: () => location.hash,
    write: (hash, isNew) => {
      if (isNew) history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
    },
  },
  untouched: {
    read: () => recall('untouched', asText),
    write: board => remember('untouched', board),
  },
  firstGame,
});

let connection: Connection | undefined;

/** Says hello again with another token, after the visitor has entered one. */
export const enterToken = (token: string): void => {
  remember('token', token === '' ? undefined : token);
  connection?.reconnect();
};

/** Connects, and keeps address, title and memory in step. Called once. */
export const startPage = (): void => {
  takeToken();
  store.overlay.value = recall('overlay', oneOf(...OVERLAYS)) ?? 'policy';
  store.showNumbers.value = recall('numbers', asFlag) ?? false;
  // A link leads most often to the board of before: nothing moves then when it comes.
  const expected = parseLink(location.hash) ? recall('size', asSize) : firstGame().size;
  if (expected !== undefined) store.expectedSize.value = expected;
  effect(() => {
    if (store.board.value) remember('size', store.board.value.start.width);
  });
  effect(() => remember('overlay', store.overlay.value));
  effect(() => remember('numbers', store.showNumbers.value));
  effect(() => {
    const status = store.status.value;
    document.title = status === undefined ? 'hane' : `${status} · hane`;
  });
  effect(() => {
    const board = store.board.value;
    if (board && board.nodes.length > 0) keepRecent(board);
  });
  connection = new Connection({
    makeSocket: () => new WebSocket(socketUrl(SOCKET_PATH, location.href)),
    token: () => recall('token', asText),
    onWrongToken: () => {
      remember('token', undefined);
      session.tell('error', 'The token is wrong: you can look, but not change the board.');
    },
    onMessage: message => session.onMessage(message),
    onState: state => session.onState(state),
  });
  session.attach(connection);
  addEventListener('hashchange', () => void session.followAddress());
  addEventListener('online', () => connection?.retryNow());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) connection?.retryNow();
  });
};

/** Keeps the token that the server's own link carries as `?token=`, and takes it out of the address: links are shared. */
const takeToken = (): void => {
  const url = new URL(location.href);
  const token = url.searchParams.get('token');
  if (token === null) return;
  remember('token', token);
  url.searchParams.delete('token');
  history.replaceState(null, '', url.href);
};
