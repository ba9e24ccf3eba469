/** What servers and match runners say or ask beside the game: KGS, CGOS, gomill. */
import { makeVertex } from '../../../engine/coords.ts';
import { BLACK } from '../../../engine/types.ts';
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

/** What the engine thought about its last move, in a sentence. */
const explain = ({ lastDecision, game }: GtpEngine): string => {
  if (!lastDecision) return 'no move yet';
  const { move, analysis, color } = lastDecision;
  const name = move === 'resign' ? 'resign' : makeVertex(move, game);
  const candidate = analysis?.candidates.find(({ point }) => point === move);
  const parts = [`${color === BLACK ? 'Black' : 'White'} ${name}`];
  if (candidate) parts.push(`prior ${(100 * candidate.prior).toFixed(1)} %`);
  if (analysis?.value !== undefined) parts.push(`win rate ${(50 * (1 + analysis.value)).toFixed(1)} %`);
  if (analysis?.lead !== undefined) parts.push(`lead ${analysis.lead.toFixed(1)}`);
  return parts.join(', ');
};

const cpuSeconds = (): string => {
  const { user, system } = process.cpuUsage();
  return ((user + system) / 1e6).toFixed(3);
};

const ignore: Handler = () => {};

export const serverHandlers: Record<string, Handler> = {
  'kgs-game_over': ignore,
  /** `kgs-chat game|private NAME text`: whatever is asked, the answer is what the engine thinks of the game. */
  'kgs-chat': ({ engine }, [kind, name]) => {
    if ((kind !== 'game' && kind !== 'private') || name === undefined) throw new GtpError('syntax error');
    return `I play by a policy network, without search. My last move: ${explain(engine)}.`;
  },
  'cgos-gameover': ignore,
  'cgos-opponent_name': ignore,
  'cgos-opponent_rating': ignore,
  cputime: cpuSeconds,
  'gomill-cpu_time': cpuSeconds,
  'gomill-explain_last_move': ({ engine }) => explain(engine),
  'gomill-describe_engine': async ({ engine }) => {
    const { name, version } = engine.identity;
    const { network } = await engine.player.describe();
    return `${name} ${version}\npolicy network ${network}, strength ${engine.settings.strength}`;
  },
  /** Ends an analysis, as any line does. */
  stop: ignore,
};
