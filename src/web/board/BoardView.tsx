/** The board and what is laid over it. */
import type { Game } from '../../../engine/game.ts';
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import type { Overlay } from './overlay.ts';

export interface BoardViewProps {
  /** The position. Taken for unchanged as long as it is the same object: give a new one for every position. */
  readonly game: Game;
  /** Where the last move was; undefined before the first and after a pass. */
  readonly lastMove: string | undefined;
  readonly overlay: Overlay;
  /** Of this very position; undefined until it is there. */
  readonly analysis: PositionAnalysis | undefined;
  /** Whether policy, expert and ownership have numbers in percent; visits and win rate always have theirs. */
  readonly showNumbers: boolean;
  /** A line of moves shown as numbered ghost stones, the player to move first; it hides the overlay. */
  readonly ghosts: readonly string[];
  /** Stones taken for dead: dimmed and crossed. */
  readonly dead: readonly string[];
  /** Whether the viewer may move here: shows a ghost stone under the pointer and calls `onPlay`. */
  readonly canPlay: boolean;
  /** Where the variations that start here play. */
  readonly nextMarks: readonly string[];
  /** A legal move was chosen, by pointer or keyboard. */
  readonly onPlay: (vertex: string) => void;
  /** If given, any point chosen goes here, and `canPlay` and `onPlay` do not count: for agreeing on dead stones. */
  readonly onPick?: ((vertex: string) => void) | undefined;
  /** The point under the pointer or the keyboard's cursor; undefined when it leaves the board. */
  readonly onHover: (vertex: string | undefined) => void;
  /** Room for the board in CSS pixels: it takes all that its shape allows. */
  readonly maxWidth: number;
  readonly maxHeight: number;
}

export const BoardView = (props: BoardViewProps) => (
  <div class="board" data-size={`${props.game.width}x${props.game.height}`} />
);
