/** Moves: played, chosen, taken back (GTP 2 specification, sections 6.3.3 and 4.3). */
import { readColor, readInteger, readVertex } from '../arguments.ts';
import { GtpError } from '../gtpError.ts';
import { makeSummary } from '../info.ts';
import type { Handler } from './handler.ts';
import { moveText, playMove } from './moves.ts';

const genmove =
  (options: { readonly cleanup?: boolean }): Handler =>
  async (session, [colorText]) => {
    const { engine, report } = session;
    const decision = await playMove(session, readColor(colorText), options);
    const { analysis, effort } = decision;
    if (analysis && analysis.candidates.length > 0) report(makeSummary(engine.game, analysis, effort));
    return moveText(decision, engine.game);
  };

export const playHandlers: Record<string, Handler> = {
  /** Refuses only what no board can hold, whoever's turn it is: clients replay games of all rules (gtp.md b.6). */
  play: ({ engine }, [colorText, vertex]) => {
    const color = readColor(colorText);
    const point = readVertex(vertex, engine.game);
    if (engine.game.whyUnplayable(point, color)) throw new GtpError('illegal move');
    engine.game.play(point, color);
  },
  /** Never fails, also after two passes. A resignation changes nothing on the board. */
  genmove: genmove({}),
  /** Like genmove, but the move is not played. */
  reg_genmove: async ({ engine, hurry: signal }, [color]) =>
    moveText(await engine.choose(readColor(color), { signal }), engine.game),
  /** Like genmove, but takes opposing dead stones off before it passes. */
  'kgs-genmove_cleanup': genmove({ cleanup: true }),
  /** gomill's: a claim of victory may be made, and never is. */
  'gomill-genmove_ex': genmove({}),
  undo: ({ engine }) => {
    if (!engine.game.undo()) throw new GtpError('cannot undo');
  },
  /** Takes back that many moves, one if no number is given, or none at all if there are not so many. */
  'gg-undo': ({ engine }, [text = '1']) => {
    const count = readInteger(text);
    if (count < 0 || count > engine.game.moveCount) throw new GtpError('cannot undo');
    for (let i = 0; i < count; i++) engine.game.undo();
  },
};
