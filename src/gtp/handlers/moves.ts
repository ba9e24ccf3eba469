/** Moves as handlers ask for them: drawn for GoGui while they are thought about, and thought on about afterwards. */
import { makeVertex } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import type { Color } from '../../../engine/types.ts';
import { LIVE_END, LIVE_EVERY_MS, makeLiveDrawing } from '../liveGraphics.ts';
import type { Decision, GenmoveOptions, View } from '../player.ts';
import type { Session } from './handler.ts';

/** `D4`, `pass` or `resign`. */
export const moveText = ({ move }: Decision, game: Game): string =>
  move === 'resign' ? move : makeVertex(move, game);

/** Moves for a color and, once the move is out, thinks on while the opponent does. */
export const playMove = async (
  session: Session,
  color: Color,
  options: Partial<GenmoveOptions> = {},
): Promise<Decision> => {
  const { engine, hurry, nextLine, warn } = session;
  const decision = await withLiveGraphics(session, color, options.view, view =>
    engine.genmove(color, { signal: hurry, ...options, ...(view ? { view } : {}) }),
  );
  if (decision.move !== 'resign')
    engine.ponder(nextLine).catch((error: unknown) => warn(`pondering: ${String(error)}`));
  return decision;
};

/** Does something with a view that draws, if that is switched on and the view is not for something else already. */
export const withLiveGraphics = async <T>(
  { engine, report }: Session,
  color: Color,
  view: View | undefined,
  think: (view: View | undefined) => Promise<T>,
): Promise<T> => {
  const kind = engine.settings.liveGraphics;
  if (kind === 'none' || view?.onReport) return think(view);
  const { game } = engine;
  try {
    return await think({
      ...view,
      everyMs: LIVE_EVERY_MS,
      onReport: analysis => report(makeLiveDrawing(game, color, analysis, kind)),
    });
  } finally {
    report(LIVE_END);
  }
};
