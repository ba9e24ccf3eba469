/** Sessions without a process: text in, text out. */
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { Random } from '../../engine/random.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK, type Point } from '../../engine/types.ts';
import { GtpEngine, type GenmoveOptions, type Player } from '../../src/gtp/engine.ts';
import { createHandlers } from '../../src/gtp/handlers/index.ts';
import { NetworkPlayer } from '../../src/gtp/networkPlayer.ts';
import { defaultSettings } from '../../src/gtp/settings.ts';
import { LineReader } from '../../src/gtp/lineReader.ts';
import { GtpLoop, type LoopOptions } from '../../src/gtp/loop.ts';

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

/** The bare policy of {@link centreEvaluator}. */
export const centrePlayer = (): Player => {
  const player = new NetworkPlayer(
    Promise.resolve(centreEvaluator()),
    defaultSettings(),
    new Random(1),
    () => {},
  );
  return {
    genmove: (game, options) => player.genmove(game, options),
    analyze: (game, options) => player.analyze(game, options),
    evaluate: (game, symmetry) => player.evaluate(game, symmetry),
    describe: () => player.describe(),
    clearCache: () => player.clearCache(),
  };
};

/** A player that moves as told and says nothing else. */
export const playerOf = (
  genmove: (game: Game, options: GenmoveOptions) => Promise<Point | 'resign'>,
): Player => ({
  ...centrePlayer(),
  genmove: async (game, options) => ({ move: await genmove(game, options) }),
});

/** An engine that is the same in every version of the program. */
export const createEngine = (player: Player = centrePlayer()): GtpEngine =>
  new GtpEngine(player, { name: 'Test', version: '1.15' });

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
