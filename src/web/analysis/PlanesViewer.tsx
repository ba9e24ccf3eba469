/** The 48 planes of a position, one by one and all together. */
import type { Game } from '../../../engine/game.ts';

export interface PlanesViewerProps {
  /** The position. Taken for unchanged as long as it is the same object. */
  readonly game: Game;
}

export const PlanesViewer = (_props: PlanesViewerProps) => <div class="planes" />;
