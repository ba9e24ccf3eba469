/** The flow of Sabaki 0.60 through its own library: a start read late, positions synchronised by undo or replay, a stop. */
import { Controller, ControllerStateTracker, type GtpRequest } from '@sabaki/gtp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gtpArguments } from './program.ts';

let controller: Controller;
let tracker: ControllerStateTracker;

beforeEach(() => {
  controller = new Controller(process.execPath, gtpArguments('--visits', '20'));
  tracker = new ControllerStateTracker(controller);
  controller.start();
});

afterEach(() => controller.kill());

const play = (color: 'B' | 'W', vertex: string): GtpRequest => ({ name: 'play', args: [color, vertex] });

/** What stands on the board, by an answer of the engine's own. */
const record = async (): Promise<string> => {
  const { content } = await controller.sendCommand({ name: 'printsgf' });
  return content.replace(/\s/g, '');
};

test('it starts, plays, takes back, changes boards and stops as Sabaki asks', async () => {
  // Sabaki sends these at once and reads the answers as they come.
  const answers = await Promise.all(
    ['name', 'version', 'protocol_version', 'list_commands'].map(name => controller.sendCommand({ name })),
  );
  expect(answers.map(({ error }) => error)).toEqual([false, false, false, false]);
  expect(answers[0].content).toBe('Hane');
  expect(await tracker.knowsCommand('undo')).toBe(true);
  expect(await tracker.knowsCommand('set_free_handicap')).toBe(true);

  const opening = [play('B', 'Q16'), play('W', 'D4'), play('B', 'D16')];
  await tracker.sync({ komi: 6.5, boardsize: [19, 19], history: opening });
  expect(await record()).toContain(';B[pd];W[dp];B[dd])');

  const { content: move } = await tracker.queueCommand({ name: 'genmove', args: ['W'] });
  expect(move).toMatch(/^[A-T]\d+$/);
  await tracker.queueCommand({ name: 'genmove', args: ['B'] });
  // The user steps back, then plays another move.
  await tracker.sync({ komi: 6.5, boardsize: [19, 19], history: [...opening, play('W', 'K10')] });
  expect(await record()).toContain(';B[pd];W[dp];B[dd];W[jj])');

  // Set-up stones come as moves of one color in a row.
  await tracker.sync({
    komi: 0,
    boardsize: [9, 9],
    history: [play('B', 'C3'), play('B', 'G7'), play('B', 'C7'), play('W', 'PASS')],
  });
  expect(await record()).toContain('SZ[9]KM[0]');

  await tracker.sync({
    komi: 0.5,
    boardsize: [13, 9],
    history: [{ name: 'set_free_handicap', args: ['C3', 'L7'] }, play('W', 'G5')],
  });
  expect(await record()).toContain('SZ[13:9]KM[0.5]HA[2]AB[cg][kc]PL[W];W[ge])');

  // Two of these to see that the answer to one that fails does not shift the next.
  const [failed, fine] = await Promise.all([
    controller.sendCommand({ name: 'play', args: ['B', 'G5'] }),
    controller.sendCommand({ name: 'protocol_version' }),
  ]);
  expect(failed).toMatchObject({ error: true, content: 'illegal move' });
  expect(fine).toMatchObject({ error: false, content: '2' });

  // Analysis, ended by what Sabaki ends it with, and a move with analysis.
  const listed = (await controller.sendCommand({ name: 'list_commands' })).content.split('\n');
  expect(listed).not.toContain('analyze');
  let lines: string[] = [];
  const analysis = controller.sendCommand({ name: 'kata-analyze', args: ['B', '50'] }, ({ line }) =>
    lines.push(line),
  );
  while (lines.filter(line => line.startsWith('info ')).length < 2)
    await new Promise(resolve => setTimeout(resolve, 5));
  const [ended, stopped] = await Promise.all([
    analysis,
    controller.sendCommand({ name: 'protocol_version' }),
  ]);
  expect([ended.error, stopped.content]).toEqual([false, '2']);
  // Sabaki 0.60 cuts at "info" and reads a block by this expression.
  const blocks = lines
    .find(line => line.startsWith('info '))!
    .split(/\s*info\s+/)
    .slice(1);
  expect(blocks.length).toBeGreaterThan(1);
  for (const block of blocks)
    expect(block).toMatch(/^move [A-HJ-Z]\d+ (\w+ -?\d+(\.\d+)? )+pv( [A-HJ-Z]\d+| pass)+\s*$/);
  lines = [];
  await controller.sendCommand({ name: 'kata-genmove_analyze', args: ['B', '50'] }, ({ line }) =>
    lines.push(line),
  );
  expect(lines.find(line => line.startsWith('play '))).toMatch(/^play [A-N]\d+$/);

  await controller.stop();
  expect(controller.process).toBeNull();
});
