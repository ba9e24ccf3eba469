/** Wood, lines, coordinates and stones: Shudan's board, drawn anew only when one of them changes. */
import { Goban } from '@sabaki/shudan';
import { useMemo } from 'preact/hooks';
import type { Game } from '../../../engine/game.ts';
import { placeOf, type BoardGeometry } from './geometry.ts';
import { signMap } from './stones.ts';

export interface StonesLayerProps {
  readonly game: Game;
  readonly geometry: BoardGeometry;
  /** Vertices of stones that are drawn faintly. */
  readonly dimmed: readonly string[];
}

export const StonesLayer = ({ game, geometry, dimmed }: StonesLayerProps) => {
  const { vertexSize, marginPx } = geometry;
  const key = dimmed.join(' ');
  return useMemo(() => {
    const places = key.split(' ').flatMap(vertex => placeOf(vertex, game) ?? []);
    const tracks = `${marginPx}px 1fr ${marginPx}px`;
    return (
      <Goban
        signMap={signMap(game)}
        vertexSize={vertexSize}
        showCoordinates
        dimmedVertices={places.map(({ x, y }): [number, number] => [x, y])}
        innerProps={{ 'aria-hidden': true }}
        style={{ gridTemplateRows: tracks, gridTemplateColumns: tracks }}
      />
    );
  }, [game, vertexSize, marginPx, key]);
};
