/** What servers and match runners say or ask beside the game: KGS, CGOS, gomill. */
import { makeVertex } from '../../../engine/coords.ts';
import { BLACK } from '../../../engine/types.ts';
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import { usesSearch, type Settings } from '../settings.ts';
import type { Handler } from './handler.ts';

/** What the engine thought about its last move, in a sentence. */
const explain = ({ lastDecision, game }: GtpEngine): string => {
  if (!lastDecision) return 'no move yet';
  const { move, analysis, effort, color } = lastDecision;
  const name = move === 'resign' ? 'resign' : makeVertex(move, game);
  const candidate = analysis?.candidates.find(({ point }) => point === move);
  const parts = [`${color === BLACK ? 'Black' : 'White'} ${name}`];
  if (candidate) parts.push(`prior ${(100 * candidate.prior).toFixed(1)} %`);
  if (analysis?.value !== undefined) parts.push(`win rate ${(50 * (1 + analysis.value)).toFixed(1)} %`);
  if (analysis?.lead !== undefined) parts.push(`lead ${analysis.lead.toFixed(1)}`);
  if (effort && analysis)
    parts.push(`${analysis.visits} visits in ${(effort.elapsedMs / 1000).toFixed(1)} s`);
  if (effort && candidate)
    parts.push(`expected ${candidate.line.map(point => makeVertex(point, game)).join(' ')}`);
  return parts.join(', ');
};

const cpuSeconds = (): string => {
  const { user, system } = process.cpuUsage();
  return ((user + system) / 1e6).toFixed(3);
};

/** What ends a move. */
const describeLimits = (settings: Settings): string => {
  if (!usesSearch(settings)) return 'without search';
  const { maxVisits, maxPlayouts, maxTime, pondering } = settings;
  const limits = [
    ...(maxVisits === undefined ? [] : [`${maxVisits} visits`]),
    ...(maxPlayouts === undefined ? [] : [`${maxPlayouts} playouts`]),
    ...(maxTime === undefined ? [] : [`${maxTime} s`]),
  ];
  const limit =
    limits.length > 0 ? `at most ${limits.join(', ')} a move` : 'time by the clock, else 1 s a move';
  return `search, ${limit}${pondering ? ', pondering' : ''}`;
};

const ignore: Handler = () => {};

export const serverHandlers: Record<string, Handler> = {
  'kgs-game_over': ignore,
  /** `kgs-chat game|private NAME text`: whatever is asked, the answer is what the engine thinks of the game. */
  'kgs-chat': ({ engine }, [kind, name]) => {
    if ((kind !== 'game' && kind !== 'private') || name === undefined) throw new GtpError('syntax error');
    const manner = usesSearch(engine.settings)
      ? 'by a search with a policy network'
      : 'by a policy network, without search';
    return `I play ${manner}. My last move: ${explain(engine)}.`;
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
    return `${name} ${version}\npolicy network ${network}, strength ${engine.settings.strength}\n${describeLimits(engine.settings)}`;
  },
  /** Ends an analysis, as any line does. */
  stop: ignore,
};
