/** What the searches' own thread does with requests, without the thread. */
import { expect, test } from 'vitest';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import type { FromSearchThread, Task, ToSearchThread } from '../../src/search/messages.ts';
import { makePosition } from '../../src/search/position.ts';
import { serveSearches } from '../../src/search/server.ts';
import { opinionated } from '../analysis/support.ts';

/** Messages in, messages out, as they would go between threads. */
const openServer = (evaluator: Evaluator = opinionated()) => {
  const sent: FromSearchThread[] = [];
  let isOver = false;
  const receive = serveSearches(
    evaluator,
    message => sent.push(message),
    () => (isOver = true),
  );
  return {
    sent,
    receive,
    isOver: () => isOver,
    reports: () => sent.filter(({ type }) => type === 'report').length,
    answers: () => sent.filter(message => message.type === 'answer'),
  };
};

/** A search without a limit. */
const endless = (id: number, task: Partial<Task> = {}): ToSearchThread => ({
  type: 'think',
  id,
  search: 0,
  position: makePosition(new Game({ width: 9 })),
  task: {
    limits: {},
    restrictions: [],
    movesOwnership: false,
    reportEveryMs: undefined,
    report: {},
    choice: undefined,
    ...task,
  },
});

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(1);
};

test('a report waits until the one before has been taken', async () => {
  const server = openServer();
  server.receive(endless(0, { reportEveryMs: 1 }));
  await until(() => server.reports() > 0);
  await pause(40);
  expect(server.reports()).toBe(1);
  server.receive({ type: 'taken', search: 0, id: 0 });
  await until(() => server.reports() > 1);
  server.receive({ type: 'stop', search: 0, id: 0 });
  await until(() => server.answers().length === 1);
  expect(server.reports()).toBe(2);
});

test('what has been stopped stays stopped, whatever is stopped after it', async () => {
  const server = openServer();
  for (const id of [0, 1, 2]) server.receive(endless(id));
  for (const id of [2, 0]) server.receive({ type: 'stop', search: 0, id });
  await until(() => server.answers().length === 3);
  expect(server.answers()).toMatchObject([0, 1, 2].map(id => ({ id, answer: { reason: 'stopped' } })));
});

test('closing stops what runs and what waits behind it', async () => {
  const server = openServer();
  for (const id of [0, 1]) server.receive(endless(id));
  server.receive({ type: 'close' });
  await until(server.isOver);
  expect(server.answers()).toMatchObject([0, 1].map(id => ({ id, answer: { reason: 'stopped' } })));
});

test('a search that is dropped ends what it does, and one of the same number begins anew', async () => {
  const server = openServer();
  const visits = (): number[] =>
    server.answers().flatMap(({ answer }) => (answer && 'playouts' in answer ? [answer.playouts] : []));
  server.receive(endless(0, { limits: { visits: 20 } }));
  await until(() => server.answers().length === 1);
  server.receive(endless(1));
  server.receive({ type: 'drop', id: 2, search: 0 });
  await until(() => server.answers().length === 3);
  expect(server.answers().slice(1)).toMatchObject([{ id: 1, answer: { reason: 'stopped' } }, { id: 2 }]);
  // A kept tree would have left nothing to do.
  server.receive(endless(3, { limits: { visits: 20 } }));
  await until(() => server.answers().length === 4);
  expect([visits()[0], visits().at(-1)]).toEqual([20, 20]);
  server.receive({ type: 'drop', id: 4, search: 7 });
  await until(() => server.answers().length === 5);
});

/** Answers nothing, and may have died. */
const broken = (hasEnded: boolean): Evaluator => ({
  ...opinionated(),
  hasEnded,
  begin: () => {
    throw new Error('the device is lost');
  },
});
const ask: ToSearchThread = {
  type: 'evaluate',
  id: 7,
  position: makePosition(new Game({ width: 9 })),
  symmetry: 0,
};

test('an evaluation that fails is an answer; a network that has died is the end', async () => {
  const failing = openServer(broken(false));
  failing.receive(ask);
  await until(() => failing.sent.length > 0);
  expect(failing.sent).toEqual([{ type: 'error', id: 7, message: 'the device is lost', isRange: false }]);
  expect(failing.isOver()).toBe(false);

  const dead = openServer(broken(true));
  dead.receive(ask);
  dead.receive({ ...ask, id: 8 });
  await until(() => dead.sent.length === 2);
  expect(dead.sent[0]).toEqual({ type: 'failed', code: 'runtime', message: 'the device is lost' });
  expect(dead.isOver()).toBe(true);
});
