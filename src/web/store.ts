/**
 * What the page knows, as signals: the board as the server last sent it, what the network said of its positions, and how
 * this browser looks at it. Only session.ts and actions.ts write here; components read.
 */
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { makeVertex } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { PASS } from '../../engine/types.ts';
import { FULL_SIZE, gameAt, letterOf, type BoardState, type ColorLetter } from '../server/protocol/board.ts';
import type { PositionAnalysis } from '../server/protocol/messages.ts';
import { showsMoves, type Overlay } from './board/overlay.ts';
import type { ConnectionState, Welcome } from './connection.ts';
import { indexMoves, stepsFrom, type MoveIndex, type Steps } from './moveIndex.ts';
import { layOutTree, type TreeLayout } from './tree/layout.ts';
import { statusName } from './words.ts';

export type DialogName = 'newGame' | 'players' | 'resign' | 'remove' | 'help' | 'planes' | 'recent' | 'token';

/** A message that passes. */
export interface Toast {
  readonly id: number;
  readonly kind: 'error' | 'note';
  readonly text: string;
}

/** Most analyses that are kept; a game has fewer positions than that. */
const MOST_ANALYSES = 500;

export class Store {
  readonly connection: Signal<ConnectionState> = signal('connecting');
  readonly welcome: Signal<Welcome | undefined> = signal(undefined);
  readonly board: Signal<BoardState | undefined> = signal(undefined);
  /** The node that this browser looks at by itself; undefined if it looks at what is on the board. */
  readonly detached: Signal<number | undefined> = signal(undefined);
  /** A node that has been asked for and is shown already; the server's answer is on its way. */
  readonly wanted: Signal<number | undefined> = signal(undefined);
  /** By node. */
  readonly analyses: Signal<ReadonlyMap<number, PositionAnalysis>> = signal(new Map());
  /** By node: the child that was last looked at, where "next" leads. */
  readonly preferred: Signal<ReadonlyMap<number, number>> = signal(new Map());

  readonly overlay: Signal<Overlay> = signal('policy');
  readonly showNumbers: Signal<boolean> = signal(false);
  /** The move of the list that is pointed at, by pointer or keyboard. */
  readonly previewed: Signal<string | undefined> = signal(undefined);
  /** The same on the board. */
  readonly hovered: Signal<string | undefined> = signal(undefined);
  readonly dialog: Signal<DialogName | undefined> = signal(undefined);
  readonly toasts: Signal<readonly Toast[]> = signal([]);
  /** What a screen reader says next. */
  readonly spoken: Signal<string> = signal('');

  readonly canWrite: ReadonlySignal<boolean> = computed(() => this.welcome.value?.canWrite ?? false);
  /** Whether requests reach the server now. */
  readonly isOnline: ReadonlySignal<boolean> = computed(
    () => this.connection.value === 'online' && this.board.value !== undefined,
  );
  private readonly nodes = computed(() => this.board.value?.nodes ?? NO_MOVES);
  private readonly start = computed(() => this.board.value?.start);
  readonly index: ReadonlySignal<MoveIndex> = computed(() => indexMoves(this.nodes.value));
  readonly layout: ReadonlySignal<TreeLayout> = computed(() => layOutTree(this.index.value));

  /** The node that is shown. */
  readonly node: ReadonlySignal<number> = computed(
    () => this.detached.value ?? this.wanted.value ?? this.board.value?.current ?? 0,
  );
  readonly steps: ReadonlySignal<Steps> = computed(() =>
    stepsFrom(this.index.value, this.node.value, this.preferred.value),
  );
  /** Lines of the empty board that stands there until the server has said which it is. */
  readonly expectedSize: Signal<number> = signal(FULL_SIZE);
  /** The position that is shown; an empty board as long as there is none. */
  readonly game: ReadonlySignal<Game> = computed(() => {
    const start = this.start.value;
    return start
      ? gameAt({ start, nodes: this.nodes.value }, this.node.value)
      : new Game({ width: this.expectedSize.value });
  });
  readonly toPlay: ReadonlySignal<ColorLetter> = computed(() => letterOf(this.game.value.toPlay));
  /** What goes on, in a few words; undefined as long as there is no board. */
  readonly status: ReadonlySignal<string | undefined> = computed(() => {
    const board = this.board.value;
    const isEnd = board?.resultNode === this.node.value;
    return board && statusName(board, this.toPlay.value, { canWrite: this.canWrite.value, isEnd });
  });
  /** Where the last move was; undefined before the first and after a pass. */
  readonly lastMove: ReadonlySignal<string | undefined> = computed(() => {
    const game = this.game.value;
    if (game.moveCount === 0) return undefined;
    const { point } = game.moveAt(-1);
    return point === PASS ? undefined : makeVertex(point, game);
  });
  readonly analysis: ReadonlySignal<PositionAnalysis | undefined> = computed(() =>
    // Whoever turns it off wants no hints, of positions that were looked at before neither.
    this.board.value?.analysis === 'off' ? undefined : this.analyses.value.get(this.node.value),
  );
  /** Moves shown as ghost stones: the line of the move pointed at, on the board only where it says more than a click would. */
  readonly ghosts: ReadonlySignal<readonly string[]> = computed(() => {
    const previewed = this.lineOf(this.previewed.value);
    if (previewed.length > 0) return previewed;
    const hovered = this.lineOf(this.hovered.value);
    return hovered.length > 1 && showsMoves(this.overlay.value) && !this.board.value?.scoring
      ? hovered
      : NO_LINE;
  });
  /** What the network says beside the policy; until the server has said, the usual network's, so that nothing moves when it has. */
  readonly outputs: ReadonlySignal<readonly string[]> = computed(
    () => this.welcome.value?.outputs ?? USUAL_OUTPUTS,
  );
  /** Whether a click on the board is a move now. */
  readonly canPlay: ReadonlySignal<boolean> = computed(() => {
    const board = this.board.value;
    if (!board || !this.isOnline.value || !this.canWrite.value || this.detached.value !== undefined)
      return false;
    if (board.scoring) return false;
    // At the end of a game that is over a stray click would undo its result; elsewhere it is a variation.
    if (board.resultNode === this.node.value) return false;
    const seat = this.toPlay.value === 'B' ? board.black : board.white;
    return seat === 'human' || !board.isPlaying;
  });

  /** Shows a whole board. What was known of its positions stays as long as it is the same game. */
  showBoard(state: BoardState): void {
    const before = this.board.value;
    const isSame =
      before?.board === state.board && JSON.stringify(before.start) === JSON.stringify(state.start);
    const ids = new Set(state.nodes.map(({ id }) => id));
    const stays = (id: number): boolean => isSame && (id === 0 || ids.has(id));
    this.analyses.value = new Map([...this.analyses.value].filter(([id]) => stays(id)));
    if (!isSame) this.preferred.value = new Map();
    if (this.detached.value !== undefined && before && !stays(this.detached.value))
      this.detached.value = undefined;
    this.wanted.value = undefined;
    this.board.value = state;
    this.prefer(state.current);
  }

  /** Keeps what the network said, the newest last; the oldest go. */
  keepAnalysis(analysis: PositionAnalysis): void {
    const kept = new Map(this.analyses.value);
    kept.delete(analysis.node);
    kept.set(analysis.node, analysis);
    for (const node of kept.keys()) {
      if (kept.size <= MOST_ANALYSES) break;
      kept.delete(node);
    }
    this.analyses.value = kept;
  }

  /** What the search expects after a move; empty where it is none that was considered. */
  private lineOf(vertex: string | undefined): readonly string[] {
    return this.analysis.value?.candidates.find(each => each.vertex === vertex)?.line ?? NO_LINE;
  }

  /** Makes the way to a node the one that "next" takes. */
  prefer(node: number): void {
    const { byId } = this.index.value;
    const preferred = new Map(this.preferred.value);
    for (let at = byId.get(node); at; at = byId.get(at.parent)) preferred.set(at.parent, at.id);
    this.preferred.value = preferred;
  }
}

const NO_MOVES: BoardState['nodes'] = [];
const NO_LINE: readonly string[] = [];
const USUAL_OUTPUTS: readonly string[] = ['value', 'lead', 'ownership', 'expert', 'pass'];

/** The page's one store. */
export const store: Store = new Store();
