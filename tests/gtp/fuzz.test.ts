/** Thousands of lines of nonsense and near-sense: one response a command, and an engine that still knows its own board. */
import { expect, test } from 'vitest';
import { checkConsistency } from '../../engine/debug.ts';
import { Random } from '../../engine/random.ts';
import { parseCommand } from '../../src/gtp/command.ts';
import { makeLine } from './fuzzLines.ts';
import { createEngine, openSession, talk } from './support.ts';

const LINES = 5000;

test.each([1, 2])(
  '%i: every command of a nonsense session gets exactly one response with its own id',
  async seed => {
    const random = new Random(seed);
    const lines = ['boardsize 9', ...Array.from({ length: LINES }, () => makeLine(random))].filter(
      line => !/\bquit\b/.test(line),
    );
    const session = openSession(createEngine());
    const output = await talk(lines.join('\n'), session);
    const commands = lines.map(parseCommand).filter(command => command !== undefined);
    const responses = output.split('\n\n');
    expect(responses.pop()).toBe('');
    expect(responses.map(response => /^[=?](\d*) /.exec(response)?.[1])).toEqual(
      commands.map(({ id }) => id),
    );
    expect(session.messages).toEqual([]);
    checkConsistency(session.engine.game.board);
  },
);
