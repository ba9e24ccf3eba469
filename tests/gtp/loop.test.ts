import { expect, test, vi } from 'vitest';
import { parseVertex } from '../../engine/coords.ts';
import { BLACK, PASS, WHITE, type Point } from '../../engine/types.ts';
import type { Player } from '../../src/gtp/player.ts';
import { centrePlayer, createEngine, openSession, playerOf, talk } from './support.ts';

/** A player whose moves the test gives one by one, or never. */
const handPlayer = (): { player: Player; waiting: ((move: Point | 'resign') => void)[] } => {
  const waiting: ((move: Point | 'resign') => void)[] = [];
  return { player: playerOf(() => new Promise(resolve => waiting.push(resolve))), waiting };
};

const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

const failing = (error: unknown): Player =>
  playerOf(async () => {
    throw error;
  });

test('commands that come while a move is chosen wait for it and are answered in order', async () => {
  const { player, waiting } = handPlayer();
  const { loop, engine, responses } = openSession(createEngine(player));
  loop.receive('1 name');
  loop.receive('2 genmove b');
  loop.receive('3 genmove w');
  loop.receive('4 name');
  await tick();
  expect(responses).toEqual(['=1 Test\n\n']);
  waiting[0](parseVertex('D4', engine.game)!);
  await tick();
  expect(responses).toEqual(['=1 Test\n\n', '=2 D4\n\n']);
  waiting[1](parseVertex('Q16', engine.game)!);
  await tick();
  expect(responses).toEqual(['=1 Test\n\n', '=2 D4\n\n', '=3 Q16\n\n', '=4 Test\n\n']);
});

test('a resignation is answered in lower case and is no move', async () => {
  const session = openSession(createEngine(playerOf(async () => 'resign')));
  expect(await talk('genmove b\nreg_genmove w\nundo\n', session)).toBe(
    '= resign\n\n= resign\n\n? cannot undo\n\n',
  );
});

test('the player sees the color it moves for, and the turn is as before if the move is not played', async () => {
  const seen: number[] = [];
  const player = playerOf(async game => {
    seen.push(game.toPlay);
    return PASS;
  });
  const session = openSession(createEngine(player));
  await talk('reg_genmove w\nreg_genmove b\n', session);
  expect(seen).toEqual([WHITE, BLACK]);
  expect(session.engine.game.toPlay).toBe(BLACK);
});

test('by rules that count every stone, the player is asked to take dead stones off before it passes', async () => {
  const seen: boolean[] = [];
  const player = playerOf(async (_, { cleanup }) => {
    seen.push(cleanup);
    return PASS;
  });
  const session = openSession(createEngine(player));
  await talk(
    'genmove b\nkata-set-rules tromp-taylor\ngenmove w\nkata-set-rules chinese\ngenmove b\n',
    session,
  );
  expect(seen).toEqual([false, true, false]);
});

test('an exception in a handler is an internal error, with its stack for people, and the session goes on', async () => {
  const session = openSession(createEngine(failing(new TypeError('out of luck'))));
  expect(await talk('1 genmove b\n2 name\n', session)).toBe('?1 internal error\n\n=2 Test\n\n');
  expect(session.messages.join('')).toMatch(/genmove: TypeError: out of luck\n {4}at /);
});

test('a player that chooses an illegal move is an internal error, and the board is as before', async () => {
  const session = openSession(createEngine(playerOf(async game => parseVertex('D4', game)!)));
  expect(await talk('play w D4\ngenmove b\ngenmove w\n', session)).toBe(
    '= \n\n? internal error\n\n? internal error\n\n',
  );
  expect(session.engine.game.moveCount).toBe(1);
});

test('after quit nothing is answered', async () => {
  expect(await talk('1 name\n2 quit\n3 name\n')).toBe('=1 Test\n\n=2 \n\n');
});

test('the end of the input ends the session after what was asked before', async () => {
  expect(await talk('1 genmove b\n2 name')).toBe('=1 K10\n\n=2 Test\n\n');
  expect(await talk('')).toBe('');
});

test('quit ends a move that takes too long', async () => {
  const session = openSession(createEngine(handPlayer().player), { patienceMs: 5, graceMs: 5 });
  expect(await talk('1 genmove b\n2 name\n3 genmove w\n4 quit\n', session)).toBe(
    '?1 interrupted\n\n?2 interrupted\n\n?3 interrupted\n\n=4 \n\n',
  );
});

test('so does the end of the input', async () => {
  const session = openSession(createEngine(handPlayer().player), { patienceMs: 5, graceMs: 5 });
  expect(await talk('1 genmove b\n', session)).toBe('?1 interrupted\n\n');
});

test('patience begins when the network is there', async () => {
  const { player, waiting } = handPlayer();
  let load: () => void = () => {};
  const ready = new Promise<void>(resolve => (load = resolve));
  const { loop, engine, responses } = openSession(createEngine(player), { patienceMs: 5, graceMs: 5, ready });
  loop.receive('1 genmove b');
  loop.end();
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(responses).toEqual([]);
  waiting[0](parseVertex('D4', engine.game)!);
  await loop.done;
  expect(responses).toEqual(['=1 D4\n\n']);
  load();
});

test('a client that does not read any more ends the session', async () => {
  const warn = vi.fn<(message: string) => void>();
  const write = (): never => {
    throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
  };
  const { loop } = openSession(createEngine(), { write, warn });
  loop.receive('name');
  loop.receive('name');
  await loop.done;
  expect(warn).not.toHaveBeenCalled();
});

test('an analysis says what it knows and goes on until the next line, whatever that is', async () => {
  for (const line of ['name', '', '# a comment', '   ']) {
    const { loop, responses } = openSession();
    loop.receive('7 kata-analyze b 50 maxmoves 2');
    while (responses.length < 2) await tick();
    await tick();
    expect(responses[0]).toBe('=7 \n');
    expect(responses[1]).toMatch(/^info move K10 .* pv K10 \S+ info move \S+ .* order 1 pv \S+ \S+\n$/);
    expect(responses).toHaveLength(2);
    loop.receive(line);
    await tick();
    expect(responses.slice(2)).toEqual(line === 'name' ? ['\n', '= Test\n\n'] : ['\n']);
  }
});

test('an analysis that is overtaken before it begins is empty, and one that never spoke is closed all the same', async () => {
  expect(await talk('1 lz-analyze 10\n2 name\n3 kata-analyze\n')).toBe('=1 \n\n=2 Test\n\n=3 \n\n');
  const { loop, responses } = openSession(
    createEngine({ ...playerOf(async () => PASS), analyze: () => new Promise(() => {}) }),
  );
  loop.receive('lz-analyze 10');
  await tick();
  loop.receive('name');
  await tick();
  expect(responses.join('')).toBe('= \n\n= Test\n\n');
});

test('a command may change the game while an analysis of the position before is on its way', async () => {
  const { loop, responses, messages } = openSession();
  loop.receive('kata-analyze 10');
  loop.receive('boardsize 9');
  loop.receive('kata-analyze 10 maxmoves 1');
  while (responses.length < 5) await tick();
  expect(responses.join('')).toMatch(/^= \n\n= \n\n= \ninfo move E5 [^\n]*\n$/);
  expect(messages).toEqual([]);
});

test('a move with its analysis is not interrupted: what comes is answered after it', async () => {
  const output = await talk('4 kata-genmove_analyze b 50\n5 protocol_version\n6 showboard\n');
  expect(output).toMatch(/^=4 \ninfo move K10 [^\n]*\nplay K10\n\n=5 2\n\n=6 /);
  expect(output).toContain('(X)');
});

test('a move with its analysis that fails before its first line is a failure', async () => {
  const session = openSession(createEngine(failing(new Error('out of luck'))));
  expect(await talk('1 kata-genmove_analyze b\n2 kata-search_analyze b\n3 name\n', session)).toBe(
    '?1 internal error\n\n?2 internal error\n\n=3 Test\n\n',
  );
  expect(session.messages.join('')).toContain('kata-genmove_analyze: Error: out of luck');
});

test('so is one that is interrupted before it', async () => {
  const session = openSession(createEngine(handPlayer().player), { patienceMs: 5, graceMs: 5 });
  expect(await talk('1 kata-genmove_analyze b\n', session)).toBe('?1 interrupted\n\n');
});

test('one that fails after its first line is closed, with a message for people', async () => {
  const player: Player = {
    ...playerOf(async () => PASS),
    genmove: async (game, { view }) => {
      view?.onReport?.(await centrePlayer().analyze(game, { cleanup: false }));
      throw new Error('out of luck');
    },
  };
  const session = openSession(createEngine(player));
  expect(await talk('1 kata-genmove_analyze b 10\n2 name\n', session)).toMatch(
    /^=1 \ninfo move K10 [^\n]*\n\n=2 Test\n\n$/,
  );
  expect(session.messages.join('')).toContain('kata-genmove_analyze: Error: out of luck');
});

test('an analysis that fails is closed, with a message for people', async () => {
  const player = {
    ...playerOf(async () => PASS),
    analyze: () => Promise.reject(new Error('out of luck')),
  };
  const { loop, responses, messages } = openSession(createEngine(player));
  loop.receive('kata-analyze 10');
  await tick();
  loop.receive('name');
  await tick();
  expect(responses.join('')).toBe('= \n\n= Test\n\n');
  expect(messages.join('')).toContain('kata-analyze: Error: out of luck');
});
