/** Sessions without a process: text in, text out. */
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { Random } from '../../engine/random.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK, type Point } from '../../engine/types.ts';
import { GtpEngine } from '../../src/gtp/engine.ts';
import { createHandlers } from '../../src/gtp/handlers/index.ts';
import { NetworkPlayer } from '../../src/gtp/networkPlayer.ts';
import type { GenmoveOptions, Player } from '../../src/gtp/player.ts';
import { SearchPlayer } from '../../src/gtp/searchPlayer.ts';
import { SEARCH_STRENGTH, defaultSettings, type Settings } from '../../src/gtp/settings.ts';
import { LineReader } from '../../src/gtp/lineReader.ts';
import { GtpLoop, type LoopOptions } from '../../src/gtp/loop.ts';
import { connectSearches } from '../support/localSearches.ts';

/** Likes points the better the nearer they are to the centre, the upper left one of equals, and passing least of all. */
export const centreEvaluator = (): Evaluator =>
  new ScriptedEvaluator(
    ({ width, height, toPlay }) => ({
      value: toPlay === BLACK ? 0.1 : -0.1,
      lead: toPlay === BLACK ? 1.5 : -1.5,
      ownership: new Float32Array(width * height).fill(toPlay === BLACK ? 0.25 : -0.25),
      policy: Float32Array.from({ length: width * height }, (_, index) => {
        const x = Math.abs((index % width) - (width - 1) / 2);
        const y = Math.abs(Math.floor(index / width) - (height - 1) / 2);
        return 1 / (1 + x * x + y * y + index / 1000);
      }),
    }),
    ['policy', 'value', 'lead', 'ownership'],
  );

/** Far more than any command of these tests takes. */
const PATIENCE_MS = 60_000;

/** Settings of the bare policy. */
export const policySettings = (): Settings => ({
  ...defaultSettings(),
  strength: SEARCH_STRENGTH - 1,
  policyOnly: true,
});

/** The bare policy of {@link centreEvaluator}. */
export const centrePlayer = (): Player =>
  asPlain(
    new NetworkPlayer(
      Promise.resolve(connectSearches(centreEvaluator())),
      policySettings(),
      new Random(1),
      () => {},
    ),
  );

/** A player whose methods can be replaced by spreading it. */
const asPlain = (player: Player): Player => ({
  genmove: (game, options) => player.genmove(game, options),
  analyze: (game, options) => player.analyze(game, options),
  ponder: (game, options) => player.ponder(game, options),
  evaluate: (game, symmetry) => player.evaluate(game, symmetry),
  judge: game => player.judge(game),
  describe: () => player.describe(),
  clearCache: () => player.clearCache(),
});

/** A player that moves as told and says nothing else. */
export const playerOf = (
  genmove: (game: Game, options: GenmoveOptions) => Promise<Point | 'resign'>,
): Player => ({
  ...centrePlayer(),
  genmove: async (game, options) => ({ move: await genmove(game, options) }),
});

/** An engine that is the same in every version of the program, by default one of the bare policy. */
export const createEngine = (player: Player = centrePlayer(), settings = policySettings()): GtpEngine =>
  new GtpEngine(player, { name: 'Test', version: '1.15' }, { settings });

/** An engine that searches, always alike if the visits are fixed. */
export const createSearchEngine = (
  changes: Partial<Settings> = {},
  evaluator: Evaluator = centreEvaluator(),
): GtpEngine => {
  const settings = { ...defaultSettings(), maxVisits: 40, ...changes };
  settings.search = { ...settings.search, batchesInFlight: 1 };
  const loading = Promise.resolve(connectSearches(evaluator));
  return createEngine(new SearchPlayer(loading, settings, new Random(1), () => {}), settings);
};

/** A session whose responses are collected, one an entry. */
export interface TestSession {
  readonly loop: GtpLoop;
  readonly engine: GtpEngine;
  readonly responses: string[];
  readonly messages: string[];
  /** What programs read on stderr. */
  readonly reports: string[];
}

export const openSession = (engine = createEngine(), options: Partial<LoopOptions> = {}): TestSession => {
  const responses: string[] = [];
  const messages: string[] = [];
  const reports: string[] = [];
  const loop = new GtpLoop({
    handlers: createHandlers(),
    engine,
    write: response => responses.push(response),
    warn: message => messages.push(message),
    report: lines => reports.push(lines),
    patienceMs: PATIENCE_MS,
    graceMs: PATIENCE_MS,
    ...options,
  });
  return { loop, engine, responses, messages, reports };
};

/** Sends all of the input at once, ends it, and waits for the session to end. @returns all output */
export const talk = async (input: string | Uint8Array, session = openSession()): Promise<string> => {
  const lines = new LineReader(line => session.loop.receive(line));
  lines.push(Buffer.from(input));
  lines.end();
  session.loop.end();
  await session.loop.done;
  return session.responses.join('');
};
