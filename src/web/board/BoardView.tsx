/** The board and what is laid over it: a viewer's only way to see and choose points. */
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { Game } from '../../../engine/game.ts';
import type { Scoring } from '../../server/protocol/board.ts';
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import './board.css';
import { boardGeometry, vertexOf } from './geometry.ts';
import { lostStones, overlayMarks } from './marks.ts';
import { MarksLayer } from './MarksLayer.tsx';
import type { Overlay } from './overlay.ts';
import { SignsLayer } from './SignsLayer.tsx';
import { spokenMark } from './spokenMark.ts';
import { ghostsOf, mayPlay, spokenPoint } from './stones.ts';
import { StonesLayer } from './StonesLayer.tsx';
import { useAim } from './useAim.ts';

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
  /** Whose each point is, while that is agreed on. */
  readonly territory?: Scoring['territory'] | undefined;
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

export const BoardView = (props: BoardViewProps) => {
  const { game, lastMove, overlay, analysis, showNumbers, ghosts, dead, canPlay, nextMarks } = props;
  const { territory, onPlay, onPick, onHover, maxWidth, maxHeight } = props;
  const geometry = boardGeometry(game, maxWidth, maxHeight, window.devicePixelRatio);
  const line = useMemo(() => ghostsOf(game, ghosts), [game, ghosts.join(' ')]);
  const isLine = ghosts.length > 0;
  const marks = useMemo(
    () => (isLine ? [] : overlayMarks(overlay, analysis, game, showNumbers)),
    [isLine, overlay, analysis, game, showNumbers],
  );
  const lost = overlay === 'ownership' && !isLine ? lostStones(analysis, game) : [];

  const aim = useAim({
    game,
    geometry,
    lastMove,
    mayChoose: place => onPick !== undefined || (canPlay && mayPlay(game, place)),
    needsSecondTap: onPick === undefined,
    onChoose: vertex => (onPick ?? onPlay)(vertex),
    onHover,
  });
  const { hovered, tapped, cursor } = aim;
  const mayAim = canPlay && onPick === undefined && !isLine;
  const aimed = tapped ?? cursor ?? hovered;
  const hintId = useId();
  const spoken = useSpoken(() => {
    if (!cursor) return '';
    const said = spokenMark(overlay, analysis, game, vertexOf(cursor, game));
    return [
      spokenPoint(game, cursor, { lastMove, dead, territory }),
      ...(said === undefined ? [] : [said]),
    ].join(', ');
  }, `${cursor?.x} ${cursor?.y}`);

  const { widthPx, heightPx } = geometry;
  return (
    <div class="board-frame" style={{ width: widthPx, height: heightPx }}>
      <div
        class={`board${canPlay || onPick ? ' can-choose' : ''}`}
        data-size={`${game.width}x${game.height}`}
        role="application"
        aria-roledescription="Go board"
        aria-label={`Go board, ${game.width} by ${game.height}`}
        aria-describedby={hintId}
        tabIndex={0}
        {...aim.handlers}
      >
        <StonesLayer
          game={game}
          geometry={geometry}
          dimmed={[...dead, ...lost, ...line.captured.map(place => vertexOf(place, game))]}
        />
        <svg
          class="board-layer"
          width={widthPx}
          height={heightPx}
          viewBox={`0 0 ${widthPx} ${heightPx}`}
          aria-hidden="true"
        >
          <MarksLayer marks={marks} geometry={geometry} />
          <SignsLayer
            game={game}
            geometry={geometry}
            lastMove={lastMove}
            nextMarks={isLine ? [] : nextMarks}
            dead={dead}
            territory={territory}
            ghosts={line.stones}
            aim={
              mayAim && aimed && mayPlay(game, aimed) ? { ...aimed, isFirm: tapped !== undefined } : undefined
            }
            cursor={cursor}
          />
        </svg>
      </div>
      <p id={hintId} class="visually-hidden">
        Arrow keys move the cursor, Enter plays.
      </p>
      <p class="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
};

/** What is said, found anew only when the key changes: an analysis that goes on does not talk all the time. */
const useSpoken = (speak: () => string, key: string): string => {
  const [spoken, setSpoken] = useState('');
  useEffect(() => setSpoken(speak()), [key]);
  return spoken;
};
