/** A plane on the board, its points over the stones. */
import type { Game } from '../../../engine/game.ts';
import { signMap, type Sign } from '../board/stones.ts';
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
        row.map((sign, x) => (
          <PlanePoint key={`${x} ${y}`} x={x} y={y} sign={sign} isOn={plane[y * width + x] === 1} />
        )),
      )}
    </svg>
  );
};

interface PlanePointProps {
  readonly x: number;
  readonly y: number;
  readonly sign: Sign;
  readonly isOn: boolean;
}

/** Sides of the square of a 1: on an empty point, and behind a stone, which stays to be seen. */
const EMPTY_SIDE = 0.7;
const STONE_SIDE = 0.98;

const PlanePoint = ({ x, y, sign, isOn }: PlanePointProps) => {
  const side = sign === 0 ? EMPTY_SIDE : STONE_SIDE;
  return (
    <>
      {isOn && (
        <rect
          class="plane-point"
          x={x + (1 - side) / 2}
          y={y + (1 - side) / 2}
          width={side}
          height={side}
          rx="0.12"
        />
      )}
      {sign !== 0 && (
        <circle
          class={sign === 1 ? 'plane-black' : 'plane-white'}
          cx={x + 0.5}
          cy={y + 0.5}
          r={isOn ? 0.36 : 0.45}
        />
      )}
    </>
  );
};
