/** What the visitor can do, as buttons, keys and the board call it. Whether it makes sense now is asked of {@link can}. */
import { ROOT, type AnalysisMode, type BoardState, type ColorLetter } from '../server/protocol/board.ts';
import { makeLink } from './link.ts';
import { countBelow } from './moveIndex.ts';
import { session } from './page.ts';
import { store, type DialogName } from './store.ts';
import { removalName } from './words.ts';

/** Whether the visitor may change the board that is shown. */
const mayChange = (): boolean =>
  store.isOnline.value && store.canWrite.value && store.detached.value === undefined;

/** What can be done now, for buttons and keys alike. Read within a component it keeps the component up to date. */
export const can = {
  pass: (): boolean => store.canPlay.value,
  undo: (): boolean => mayChange() && store.node.value !== ROOT,
  resign: (): boolean => mayChange() && store.board.value?.result === null && !store.board.value.scoring,
  score: (): boolean => mayChange() && !store.board.value?.scoring && store.node.value !== ROOT,
  generate: (): boolean => mayChange() && !store.board.value?.isThinking && !store.board.value?.scoring,
  setPlaying: (): boolean =>
    mayChange() && (store.board.value?.black !== 'human' || store.board.value.white !== 'human'),
  setAnalysis: (): boolean => store.isOnline.value && store.canWrite.value,
  remove: (): boolean => mayChange() && store.node.value !== ROOT,
  change: mayChange,
};

/** Shows a node: for all who look where the visitor may write, else for this browser only. */
export const showNode = (node: number | undefined): void => {
  const board = store.board.value;
  if (node === undefined || !board || node === store.node.value) return;
  if (mayChange()) session.goTo(node);
  else session.lookAt(!store.canWrite.value && node === board.current ? undefined : node);
};

export const playAt = (vertex: string): void => {
  if (store.canPlay.value) void session.ask({ type: 'play', node: store.node.value, vertex });
};

export const pass = (): void => playAt('pass');

export const undo = (): void => {
  if (can.undo()) void session.ask({ type: 'undo' });
};

/** The color that resigns: the visitor's, or whose turn it is where he plays both. */
export const resigningColor = (): ColorLetter => {
  const board = store.board.value;
  if (board?.black === 'human' && board.white !== 'human') return 'B';
  if (board?.white === 'human' && board.black !== 'human') return 'W';
  return store.toPlay.value;
};

export const resign = (): void => void session.ask({ type: 'resign', color: resigningColor() });

export const score = (): void => {
  if (can.score()) void session.ask({ type: 'score' });
};

export const toggleDead = (vertex: string): void => void session.ask({ type: 'toggleDead', vertex });
export const acceptScore = (): void => void session.ask({ type: 'acceptScore' });
export const cancelScore = (): void => void session.ask({ type: 'cancelScore' });

export const generate = (): void => {
  if (can.generate()) void session.ask({ type: 'genmove' });
};

export const setPlaying = (isPlaying: boolean): void => {
  if (can.setPlaying()) void session.ask({ type: 'setPlaying', isPlaying });
};

export const setPlayers = (players: Pick<BoardState, 'black' | 'white' | 'seconds'>): void => {
  if (can.change()) void session.ask({ type: 'setPlayers', ...players });
};

export const setAnalysis = (mode: AnalysisMode): void => void session.ask({ type: 'setAnalysis', mode });

/** Takes the node that is shown out of the tree, with all below, and says so. */
export const removeNode = async (): Promise<void> => {
  if (!can.remove()) return;
  const node = store.node.value;
  const text = removalName(store.index.value, node);
  if (await session.ask({ type: 'remove', node })) session.tell('note', `Removed: ${text}.`);
};

/** The same by a key: what is no more than a move, to be played again at once, goes at once; for anything else it asks. */
export const askToRemove = (): void => {
  if (!can.remove()) return;
  const { index, node } = store;
  const isSlight =
    countBelow(index.value, node.value) === 0 && index.value.byId.get(node.value)?.comment === undefined;
  if (isSlight) void removeNode();
  else openDialog('remove');
};

/** Back to what everybody sees. */
export const attach = (): void => {
  session.lookAt(undefined);
  const board = store.board.value;
  if (board) history.replaceState(null, '', makeLink({ board: board.board }));
};

/** Puts the node that this browser looks at by itself on the board for all. */
export const bringHere = (): void => {
  const node = store.detached.value;
  attach();
  if (node !== undefined) session.goTo(node);
};

/** Copies a link to the position that is shown. */
export const copyLink = async (): Promise<void> => {
  const board = store.board.value;
  if (!board) return;
  const url = new URL(location.href);
  url.hash = makeLink({ board: board.board, node: store.node.value });
  try {
    await navigator.clipboard.writeText(url.href);
    session.tell('note', 'The link to this position is in the clipboard.');
  } catch {
    // Without a safe origin there is no clipboard: the address bar can be copied.
    history.replaceState(null, '', url.href);
    session.tell('note', 'The link to this position is in the address bar.');
  }
};

export const openDialog = (name: DialogName): void => {
  store.dialog.value = name;
};

export const closeDialog = (): void => {
  store.dialog.value = undefined;
};
