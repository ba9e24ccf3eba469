/** Signs on the board: last move, ko, variations, dead stones and territory, ghost stones, the stone aimed at, the keyboard's cursor. */
import type { Game } from '../../../engine/game.ts';
import { BLACK } from '../../../engine/types.ts';
import { COLOR_LETTERS, type Scoring } from '../../server/protocol/board.ts';
import { centerOf, placeOf, type BoardGeometry, type Place } from './geometry.ts';
import { labelSizePx } from './labels.ts';
import { koPlace, signAt, type GhostStone, type Sign } from './stones.ts';

export interface SignsLayerProps {
  readonly game: Game;
  readonly geometry: BoardGeometry;
  readonly lastMove: string | undefined;
  readonly nextMarks: readonly string[];
  readonly dead: readonly string[];
  readonly territory: Scoring['territory'] | undefined;
  readonly ghosts: readonly GhostStone[];
  /** Where the player to move would play; `isFirm` if one more tap plays it. */
  readonly aim: (Place & { readonly isFirm: boolean }) | undefined;
  readonly cursor: Place | undefined;
}

/** Radius of a stone in vertices, as board.css draws those of the position. */
const STONE = 0.47;

/** Half a side of the mark of a point that is somebody's, in vertices. */
const TERRITORY = 0.15;

export const SignsLayer = (props: SignsLayerProps) => {
  const { game, geometry, lastMove, nextMarks, dead, territory, ghosts, aim, cursor } = props;
  const size = geometry.vertexSize;
  const centers = (vertices: readonly string[]): (Place & { readonly sign: Sign })[] =>
    vertices.flatMap(vertex => {
      const place = placeOf(vertex, game);
      return place ? [{ ...centerOf(geometry, place), sign: signAt(game, place) }] : [];
    });
  const ko = koPlace(game);
  const koCenter = ko && centerOf(geometry, ko);
  return (
    <g class="board-signs">
      {koCenter && (
        <rect
          class="sign-ko"
          x={koCenter.x - size * 0.22}
          y={koCenter.y - size * 0.22}
          width={size * 0.44}
          height={size * 0.44}
        />
      )}
      {centers(nextMarks).map(({ x, y }) => (
        <circle class="sign-next" key={`${x} ${y}`} cx={x} cy={y} r={size * 0.36} />
      ))}
      {centers(lastMove === undefined ? [] : [lastMove]).map(({ x, y, sign }) => (
        <circle
          class={`sign-last on-${sign}`}
          key="last"
          cx={x}
          cy={y}
          r={size * 0.24}
          stroke-width={Math.max(1.5, size * 0.065)}
        />
      ))}
      {COLOR_LETTERS.map(color =>
        centers(territory?.[color] ?? []).map(({ x, y }) => (
          <rect
            class={`sign-territory of-${color}`}
            key={`${x} ${y}`}
            x={x - size * TERRITORY}
            y={y - size * TERRITORY}
            width={2 * size * TERRITORY}
            height={2 * size * TERRITORY}
          />
        )),
      )}
      {centers(dead).map(({ x, y, sign }) => (
        <path
          class={`sign-dead on-${sign}`}
          key={`${x} ${y}`}
          d={`M${x - size * 0.2} ${y - size * 0.2}l${size * 0.4} ${size * 0.4}m0 ${-size * 0.4}l${-size * 0.4} ${size * 0.4}`}
        />
      ))}
      {ghosts.map(ghost => (
        <Ghost key={ghost.number} ghost={ghost} geometry={geometry} />
      ))}
      {aim && <Aim aim={aim} isBlack={game.toPlay === BLACK} geometry={geometry} />}
      {cursor && <Cursor cursor={cursor} geometry={geometry} />}
    </g>
  );
};

const Ghost = ({ ghost, geometry }: { readonly ghost: GhostStone; readonly geometry: BoardGeometry }) => {
  const { x, y } = centerOf(geometry, ghost);
  const text = `${ghost.number}`;
  return (
    <g class={`ghost ghost-${ghost.sign === 1 ? 'black' : 'white'}`}>
      <circle cx={x} cy={y} r={geometry.vertexSize * STONE} />
      <text x={x} y={y} dy="0.355em" font-size={labelSizePx(text, geometry.vertexSize)}>
        {text}
      </text>
    </g>
  );
};

interface AimProps {
  readonly aim: Place & { readonly isFirm: boolean };
  readonly isBlack: boolean;
  readonly geometry: BoardGeometry;
}

/** Under the pointer a faint stone; after a first tap a clear one with lines to the edges, as a finger hides it. */
const Aim = ({ aim, isBlack, geometry }: AimProps) => {
  const { x, y } = centerOf(geometry, aim);
  const { marginPx, widthPx, heightPx, vertexSize } = geometry;
  return (
    <g class={`aim aim-${isBlack ? 'black' : 'white'}${aim.isFirm ? ' is-firm' : ''}`}>
      {aim.isFirm && (
        <path d={`M${x} ${marginPx}V${heightPx - marginPx}M${marginPx} ${y}H${widthPx - marginPx}`} />
      )}
      <circle cx={x} cy={y} r={vertexSize * STONE} />
    </g>
  );
};

const Cursor = ({ cursor, geometry }: { readonly cursor: Place; readonly geometry: BoardGeometry }) => {
  const { x, y } = centerOf(geometry, cursor);
  const side = geometry.vertexSize;
  const box = { x: x - side / 2, y: y - side / 2, width: side, height: side, rx: side * 0.12 };
  return (
    <g class="board-cursor">
      <rect class="outer" {...box} />
      <rect class="inner" {...box} />
    </g>
  );
};
