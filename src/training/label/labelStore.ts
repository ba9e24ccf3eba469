/**
 * Labels on disk as they are made: a file that only grows, the records of a game added in one write, and beside it the list that
 * says which game each number is. Whatever happens, both can be gone on with: what was cut off is dropped.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { LABEL_BYTES, LabelError, Labels, encodeLabel, type Label } from '../labels.ts';

const HEADER = 'game,archive,member';

/** Which file a game is, as lists of games name it. */
export interface GameName {
  /** Name of the archive or folder. */
  readonly archive: string;
  /** Path within it. */
  readonly member: string;
}

export class LabelStore {
  /** Games that have labels, and labels, from before. */
  readonly gamesBefore: number;
  readonly labelsBefore: number;
  private readonly labels: number;
  private readonly list: number;
  private readonly numbers: Map<string, number>;
  private readonly labelled = new Set<number>();
  private readonly taken = new Set<string>();
  private next: number;

  /**
   * Opens both files, or makes them and their folders.
   * @param labelsPath of 264-byte records @param listPath of `game,archive,member`; several files of labels may share it
   * @throws LabelError if one holds something else, or cannot be written
   */
  constructor(labelsPath: string, listPath: string) {
    this.numbers = readList(listPath);
    this.next = [...this.numbers.values()].reduce((next, number) => Math.max(next, number + 1), 0);
    const before = readLabels(labelsPath);
    for (let i = 0; i < before.count; i++) this.labelled.add(before.game(i));
    this.labelsBefore = before.count;
    this.gamesBefore = this.labelled.size;
    for (const game of this.labelled)
      if (game >= this.next)
        throw new LabelError(`${labelsPath} has labels of game ${game}, which ${listPath} does not know`);
    this.list = openToAppend(listPath);
    if (!readFileSync(listPath, 'utf8').startsWith(HEADER)) writeSync(this.list, `${HEADER}\n`);
    this.labels = openToAppend(labelsPath);
  }

  /** Takes a name for one game, until the store is closed. @returns false if it was taken */
  take(name: GameName): boolean {
    const key = keyOf(name);
    if (this.taken.has(key)) return false;
    this.taken.add(key);
    return true;
  }

  /** Whether a game has labels here. */
  has(name: GameName): boolean {
    const number = this.numbers.get(keyOf(name));
    return number !== undefined && this.labelled.has(number);
  }

  /** Adds the labels of a game, on disk when it returns. @throws LabelError if a number does not fit */
  add(name: GameName, labels: readonly Omit<Label, 'game'>[]): void {
    const game = this.numbers.get(keyOf(name)) ?? this.next;
    const bytes = new Uint8Array(labels.length * LABEL_BYTES);
    for (const [i, label] of labels.entries()) bytes.set(encodeLabel({ ...label, game }), i * LABEL_BYTES);
    if (game === this.next) {
      // The list first: a number without labels does no harm, labels of an unknown number do.
      writeSync(this.list, `${game},${keyOf(name)}\n`);
      fsyncSync(this.list);
      this.numbers.set(keyOf(name), game);
      this.next++;
    }
    writeSync(this.labels, bytes);
    fsyncSync(this.labels);
    this.labelled.add(game);
  }

  close(): void {
    closeSync(this.labels);
    closeSync(this.list);
  }
}

/** A line of the list without its number. Only a member may have commas, and neither a line break. */
const keyOf = ({ archive, member }: GameName): string =>
  `${archive.replaceAll(/[,\r\n]/g, '_')},${member.replaceAll(/[\r\n]/g, '_')}`;

const openToAppend = (path: string): number => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a');
  } catch (error) {
    throw new LabelError(`cannot write ${path}: ${(error as Error).message}`);
  }
};

/** @returns number by the rest of the line; a last line that was cut off is removed from the file */
const readList = (path: string): Map<string, number> => {
  const numbers = new Map<string, number>();
  if (!existsSync(path)) return numbers;
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  for (const [i, line] of text.slice(0, end).split('\n').entries()) {
    if (line === '' || (i === 0 && line === HEADER)) continue;
    const match = /^(\d+),([^,]+,.+)$/.exec(line);
    if (!match) throw new LabelError(`${path}, line ${i + 1}: "${line}" is not ${HEADER}`);
    numbers.set(match[2], Number(match[1]));
  }
  return numbers;
};

/** A last record that was cut off is removed from the file. */
const readLabels = (path: string): Labels => {
  if (!existsSync(path)) return new Labels(new Uint8Array());
  const bytes = readFileSync(path);
  const whole = bytes.length - (bytes.length % LABEL_BYTES);
  // Before anything is cut off: what is no file of labels stays as it is.
  const labels = new Labels(bytes.subarray(0, whole), path);
  if (whole < bytes.length) {
    if (whole === 0) throw new LabelError(`${path}: ${bytes.length} bytes are no labels`);
    truncateSync(path, whole);
  }
  return labels;
};
