/** A plane on the board, its points over the stones. */
import type { Game } from '../../../engine/game.ts';
import { signMap } from '../board/stones.ts';
import type { Plane } from './planeView.ts';

export interface PlaneBoardProps {
  readonly game: Game;
  readonly plane: Plane;
}

export const PlaneBoard = ({ game, plane }: PlaneBoardProps) => {
  const { width, height } = game;
  const columns = Array.from({ length: width }, (_, x) => `M${x + 0.5} 0.5V${height - 0.5}`);
  const rows = Array.from({ length: height }, (_, y) => `M0.5 ${y + 0.5}H${width - 0.5}`);
  return (
    <svg class="plane-board" viewBox={`-0.25 -0.25 ${width + 0.5} ${height + 0.5}`} aria-hidden="true">
      <path class="plane-lines" d={[...columns, ...rows].join('')} />
      {signMap(game).flatMap((row, y) =>
        row.map(
          (sign, x) =>
            sign !== 0 && (
              <circle
                class={sign === 1 ? 'plane-black' : 'plane-white'}
                key={`${x} ${y}`}
                cx={x + 0.5}
                cy={y + 0.5}
                r="0.46"
              />
            ),
        ),
      )}
      {Array.from(plane, (value, i) =>
        value === 0 ? null : (
          <rect
            class="plane-point"
            key={i}
            x={(i % width) + 0.14}
            y={Math.floor(i / width) + 0.14}
            width="0.72"
            height="0.72"
            rx="0.12"
          />
        ),
      )}
    </svg>
  );
};
