/** Game records between the visitor's disk and the board. */
import { MOST_SGF_BYTES } from '../../server/protocol/messages.ts';
import { FIRST_CHOICES, makeNewGame } from '../game/newGame.ts';
import { session } from '../page.ts';
import { store } from '../store.ts';
import { sizeNote } from '../words.ts';
import { boardSgf, sgfFileName } from './boardSgf.ts';

/** Puts a record on a board: on this one while it is empty, else on a new one, so that no game is lost. */
export const loadRecord = async (file: File): Promise<void> => {
  if (file.size > MOST_SGF_BYTES) {
    session.tell(
      'error',
      `${file.name} has ${Math.ceil(file.size / 1024)} kB; a record may have ${MOST_SGF_BYTES / 1024} kB.`,
    );
    return;
  }
  const sgf = makeBase64(new Uint8Array(await file.arrayBuffer()));
  const board = store.board.value;
  const isEmpty = board?.nodes.length === 0;
  if (!isEmpty && !(await session.create(makeNewGame({ ...FIRST_CHOICES, side: 'both' })))) return;
  const isLoaded = await session.ask({ type: 'load', sgf });
  if (isLoaded) session.tell('note', [`${file.name} is on the board.`, weakness() ?? []].flat().join(' '));
  else if (!isEmpty && board) await session.open({ board: board.board });
};

/** What a record of another size means for hane. */
const weakness = (): string | undefined => {
  const start = store.board.value?.start;
  return start && sizeNote(start);
};

/** Bytes in base64, as the protocol wants a file. */
export const makeBase64 = (bytes: Uint8Array): string => {
  const parts: string[] = [];
  const PART = 0x8000;
  for (let i = 0; i < bytes.length; i += PART)
    parts.push(String.fromCharCode(...bytes.subarray(i, i + PART)));
  return btoa(parts.join(''));
};

/** Has the browser save the board as a file. */
export const saveRecord = (): void => {
  const board = store.board.value;
  if (!board) return;
  const date = new Date().toISOString().slice(0, 10);
  const url = URL.createObjectURL(new Blob([boardSgf(board, date)], { type: 'application/x-go-sgf' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = sgfFileName(board, date);
  link.click();
  // Some browsers begin to read the file only after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

/** Has the visitor choose a file. */
export const chooseRecord = (): void => {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.sgf,application/x-go-sgf,text/plain';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void loadRecord(file);
  });
  input.click();
};
