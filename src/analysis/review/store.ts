/**
 * The files of reviews in a folder: for each game an annotated SGF file, a page, the graph and, last of all, the review itself as
 * JSON. A game whose JSON file is there is done; it is read again, not made again.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { drawWinrateGraph } from '../../draw/winrateGraph.ts';
import type { SgfNode } from '../../sgf/parse.ts';
import { makeSgf } from '../../sgf/write.ts';
import { writeFileAtomic } from '../../writeFileAtomic.ts';
import { annotate } from './annotate.ts';
import { makeReviewPage, titleOf } from './page.ts';
import { REVIEW_VERSION, biggestMistakes, type Review, type ReviewSettings } from './review.ts';

export const INDEX_FILE = 'index.html';

/** Moves that lost most, marked in the graph. */
const MARKS = 5;

/** Names a game by the bytes of its file and its place in it, from 0. */
export const sourceOf = (bytes: Uint8Array, index: number): string =>
  `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}-${index}`;

/** The win-rate graph of a game with its biggest mistakes, as SVG. */
export const drawReviewGraph = (review: Review): string =>
  drawWinrateGraph(review.positions, {
    title: titleOf(review),
    marks: biggestMistakes(review, MARKS).map(({ number, move }) => ({ number, color: move.color })),
  });

export class ReviewStore {
  private readonly folder: string;
  private readonly names = new Set<string>([INDEX_FILE.replace('.html', '')]);

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A path inside the folder without ending that no other game has: of the record's path, less what file systems dislike.
   * The same games in the same order get the same names.
   */
  nameFor(path: string): string {
    const parts = path
      .replace(/\.sgf$/i, '')
      .split(/[/\\]/)
      // oxlint-disable-next-line no-control-regex -- they have no place in a name
      .map(part => part.replace(/[<>:"|?*\u0000-\u001f]/g, '_').trim())
      .filter(part => part !== '' && part !== '.' && part !== '..');
    const wanted = parts.join('/') || 'game';
    let name = wanted;
    // Some file systems take A and a for the same.
    for (let i = 2; this.names.has(name.toLowerCase()); i++) name = `${wanted}-${i}`;
    this.names.add(name.toLowerCase());
    return name;
  }

  /** The review of an earlier run; undefined if there is none of this game with these settings. */
  async find(name: string, source: string, settings: ReviewSettings): Promise<Review | undefined> {
    const text = await readFile(this.path(name, '.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      const review = JSON.parse(text) as Partial<Review> | null;
      const isSame =
        review?.version === REVIEW_VERSION &&
        review.source === source &&
        JSON.stringify(review.settings) === JSON.stringify(settings);
      return isSame ? (review as Review) : undefined;
    } catch {
      // Not written by us, or by a later version: made anew.
      return undefined;
    }
  }

  /** Writes all files of a game. @throws Error as file systems do */
  async write(name: string, review: Review, root: SgfNode, hasIndex: boolean): Promise<void> {
    await mkdir(dirname(this.path(name, '')), { recursive: true });
    const index = hasIndex
      ? posix.join(
          ...name
            .split('/')
            .slice(1)
            .map(() => '..'),
          INDEX_FILE,
        )
      : undefined;
    await writeFileAtomic(this.path(name, '.sgf'), makeSgf(annotate(root, review)));
    await writeFileAtomic(this.path(name, '.svg'), drawReviewGraph(review));
    await writeFileAtomic(this.path(name, '.html'), makeReviewPage(review, index));
    await writeFileAtomic(this.path(name, '.json'), `${JSON.stringify(review)}\n`);
  }

  /** @throws Error as file systems do */
  async writeIndex(page: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFileAtomic(join(this.folder, INDEX_FILE), page);
  }

  private path(name: string, ending: string): string {
    return join(this.folder, `${name}${ending}`);
  }
}
