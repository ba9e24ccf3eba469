/** Win rate and lead over the moves of a line, Black's view: a slider over the positions. */
import { useState } from 'preact/hooks';
import { leadText } from '../board/numbers.ts';
import './analysis.css';
import {
  curveOf,
  graphSpan,
  graphText,
  placeText,
  heightOf,
  leadScale,
  positionAt,
  stepInGraph,
  type GraphPoint,
} from './graph.ts';

export interface GraphProps {
  /** The positions of the line, the start first; see graphPoints. */
  readonly points: readonly GraphPoint[];
  /** The node on the board. */
  readonly current: number;
  /** What the network says beside the policy: without value there is no win rate, without lead no lead. */
  readonly outputs: readonly string[];
  /** A position was chosen, by pointer or keyboard. */
  readonly onGoto: (node: number) => void;
}

export const Graph = ({ points, current, outputs, onGoto }: GraphProps) => {
  const [hovered, setHovered] = useState<number | undefined>();
  const index = Math.max(
    0,
    points.findIndex(({ node }) => node === current),
  );
  const scale = leadScale(points);
  const hasWinrate = outputs.includes('value') || points.some(({ winrate }) => winrate !== undefined);
  const hasLead = outputs.includes('lead') || points.some(({ lead }) => lead !== undefined);
  if (!hasWinrate && !hasLead) return <p class="graph-none">This network does not say who is ahead.</p>;

  const marks = hovered === undefined || hovered >= points.length ? [index] : [index, hovered];
  const told = points[marks[marks.length - 1]];
  const indexAt = (event: PointerEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return positionAt((event.clientX - box.left) / box.width, points.length);
  };
  const goTo = (position: number): void => {
    if (points[position].node !== current) onGoto(points[position].node);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = stepInGraph(event.key, index, points.length);
    if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(target);
  };
  return (
    <figure class="graph">
      <figcaption>
        <span>{placeText(marks[marks.length - 1], told)}</span>
        <span>{graphText(told) ?? 'not looked at yet'}</span>
      </figcaption>
      <div
        class="graph-plots"
        role="slider"
        tabIndex={0}
        aria-label="Position of the game"
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={index}
        aria-valuetext={[placeText(index, points[index]), graphText(points[index]) ?? []].flat().join(', ')}
        onPointerMove={event => {
          setHovered(indexAt(event));
          if (event.buttons === 1) goTo(indexAt(event));
        }}
        onPointerLeave={() => setHovered(undefined)}
        onPointerDown={event => goTo(indexAt(event))}
        onKeyDown={onKeyDown}
      >
        {hasWinrate && (
          <Plot
            name="winrate"
            title="Black wins"
            values={points.map(({ winrate }) => (winrate === undefined ? undefined : winrate * 2 - 1))}
            labels={['100 %', '50 %', '0 %']}
            marks={marks}
          />
        )}
        {hasLead && (
          <Plot
            name="lead"
            title="Black leads"
            values={points.map(({ lead }) => (lead === undefined ? undefined : lead / scale))}
            labels={[leadText(scale).replace('.0', ''), '0', leadText(-scale).replace('.0', '')]}
            marks={marks}
          />
        )}
      </div>
    </figure>
  );
};

interface PlotProps {
  readonly name: 'winrate' | 'lead';
  readonly title: string;
  /** From -1 at the bottom to 1 at the top, by position. */
  readonly values: readonly (number | undefined)[];
  /** At the top, in the middle, at the bottom. */
  readonly labels: readonly [string, string, string];
  /** Positions to mark: the one on the board, and then the one under the pointer. */
  readonly marks: readonly number[];
}

const Plot = ({ name, title, values, labels, marks }: PlotProps) => {
  const { line, area } = curveOf(values);
  const span = graphSpan(values.length);
  return (
    <div class={`plot plot-${name}`}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path class="plot-middle" d="M0 50H100" />
        <path class="plot-area" d={area} />
        <path class="plot-line" d={line} />
      </svg>
      <span class="plot-title">{title}</span>
      {labels.map((label, i) => (
        <span class="plot-label" key={label} style={{ top: `${i * 50}%` }}>
          {label}
        </span>
      ))}
      <div class="plot-marks">
        {marks.map((position, i) => {
          const value = values[position];
          // Moved by a transform, not by its place: nothing is laid out anew.
          const transform = `translateX(${(position / span) * 100}%)`;
          return (
            <span class={`plot-mark${i === 0 ? '' : ' is-hovered'}`} key={i} style={{ transform }}>
              {value !== undefined && <i style={{ top: `${heightOf(value)}%` }} />}
            </span>
          );
        })}
      </div>
    </div>
  );
};
