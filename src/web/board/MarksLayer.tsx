/** What an overlay puts on the points, as one SVG. */
import { centerOf, type BoardGeometry } from './geometry.ts';
import { labelSizePx } from './labels.ts';
import type { Mark } from './marks.ts';

export interface MarksLayerProps {
  readonly marks: readonly Mark[];
  readonly geometry: BoardGeometry;
}

export const MarksLayer = ({ marks, geometry }: MarksLayerProps) => (
  <g class="board-marks">
    {marks.map(mark => (
      <MarkView key={`${mark.x} ${mark.y}`} mark={mark} geometry={geometry} />
    ))}
  </g>
);

const MarkView = ({ mark, geometry }: { readonly mark: Mark; readonly geometry: BoardGeometry }) => {
  const { shape, color, opacity, size, label, isBest } = mark;
  const { x, y } = centerOf(geometry, mark);
  const side = size * geometry.vertexSize;
  return (
    <g class={`mark-${shape}${isBest ? ' mark-best' : ''}`}>
      {shape === 'square' ? (
        <rect
          x={x - side / 2}
          y={y - side / 2}
          width={side}
          height={side}
          fill={color}
          fill-opacity={opacity}
        />
      ) : (
        <circle cx={x} cy={y} r={side / 2} fill={color} fill-opacity={opacity} />
      )}
      {label !== undefined && (
        <text x={x} y={y} dy="0.355em" font-size={labelSizePx(label, geometry.vertexSize)} fill={mark.ink}>
          {label}
        </text>
      )}
    </g>
  );
};
