/** Sessions without a process: text in, text out. */
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { PolicyPlayer } from '../../engine/players.ts';
import { GtpEngine, type Player } from '../../src/gtp/engine.ts';
import { createHandlers } from '../../src/gtp/handlers/index.ts';
import { LineReader } from '../../src/gtp/lineReader.ts';
import { GtpLoop, type LoopOptions } from '../../src/gtp/loop.ts';

/** Likes points the better the nearer they are to the centre, the upper left one of equals, and passing least of all. */
export const centreEvaluator = (): Evaluator =>
  new ScriptedEvaluator(({ width, height }) => ({
    policy: Float32Array.from({ length: width * height }, (_, index) => {
      const x = Math.abs((index % width) - (width - 1) / 2);
      const y = Math.abs(Math.floor(index / width) - (height - 1) / 2);
      return 1 / (1 + x * x + y * y + index / 1000);
    }),
  }));

/** The bare policy of {@link centreEvaluator}. */
export const centrePlayer = (): Player => {
  const evaluator = centreEvaluator();
  return { genmove: (game, { cleanup }) => new PolicyPlayer(evaluator, { cleanup }).genmove(game) };
};

/** An engine that is the same in every version of the program. */
export const createEngine = (player: Player = centrePlayer()): GtpEngine =>
  new GtpEngine(player, { name: 'Test', version: '1.15' });

/** A session whose responses are collected, one an entry. */
export interface TestSession {
  readonly loop: GtpLoop;
  readonly engine: GtpEngine;
  readonly responses: string[];
  readonly messages: string[];
}

export const openSession = (engine = createEngine(), options: Partial<LoopOptions> = {}): TestSession => {
  const responses: string[] = [];
  const messages: string[] = [];
  const loop = new GtpLoop({
    handlers: createHandlers(),
    engine,
    write: response => responses.push(response),
    warn: message => messages.push(message),
    ...options,
  });
  return { loop, engine, responses, messages };
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
