/**
 * The server under load: many who only look, and boards on which somebody plays a move every few hundred milliseconds.
 *
 *     npm run bench:server -- [viewers] [boards] [seconds]
 *
 * 500 viewers, 20 boards of 19x19 and 20 seconds by default. Told are the times from a move's leaving its player until the move
 * has come back, until it has come to a viewer who only looks, and until the heat map of the position after it has come; and the
 * memory of the server, before anybody came and at its most. The viewers are shared out over the boards, all on this machine, so
 * their work is in the times, too.
 */
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeVertex } from '../../engine/coords.ts';
import { Random } from '../../engine/random.ts';
import { gameAt } from '../../src/server/protocol/board.ts';
import type { ServerMessage } from '../../src/server/protocol/messages.ts';
import { PEOPLE, connect, connectWith, type Client } from '../server/support.ts';
import { keepFigures } from '../support/figures.ts';
import { startHane } from '../support/hane.ts';
import { percentile } from '../support/statistics.ts';

const [viewers, boards, seconds] = [500, 20, 20].map((usual, i) => Number(process.argv[2 + i] ?? usual));

/** Between two moves of a board. */
const MOVE_EVERY_MS = 300;

/** Viewers that come at the same time. */
const AT_ONCE = 50;

const MIB = 2 ** 20;

const data = await mkdtemp(join(tmpdir(), 'hane-bench-'));
const limits = ['--max-viewers', `${viewers + boards}`, '--max-viewers-per-address', `${viewers + boards}`];
const child = startHane(['serve', '--port', '0', '--data', data, ...limits]);
child.stderr.pipe(process.stderr);
const address = await new Promise<string>((resolve, reject) => {
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const found = /http:\S+/.exec(text)?.[0];
    if (found) resolve(found);
  });
  child.once('exit', code => reject(new Error(`the server ended with ${code}`)));
});
const server = { url: `${address.replace('http', 'ws')}socket` };

/** Bytes that the server has in memory; undefined where the system does not say. */
const memory = async (): Promise<number | undefined> => {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
};

/** When each message that fits came, by the node that it is of. */
const noteArrivals = (
  client: Client,
  nodeOf: (message: ServerMessage) => number | undefined,
): Map<number, number> => {
  const arrivals = new Map<number, number>();
  client.socket.on('message', raw => {
    const node = nodeOf(JSON.parse((raw as Buffer).toString()) as ServerMessage);
    if (node !== undefined && !arrivals.has(node)) arrivals.set(node, performance.now());
  });
  return arrivals;
};
const moveOf = (message: ServerMessage): number | undefined =>
  message.type === 'change' ? message.change.nodes?.[0]?.id : undefined;
const heatOf = (message: ServerMessage): number | undefined =>
  message.type === 'analysis' ? message.analysis.node : undefined;

interface Board {
  readonly player: Client;
  readonly sent: Map<number, number>;
  readonly moves: Map<number, number>;
  readonly heat: Map<number, number>;
  /** Of one who only looks. */
  seen: Map<number, number>;
}

const before = await memory();
const all: Board[] = [];
for (let i = 0; i < boards; i++) {
  const player = await connectWith(server, { ...PEOPLE, size: 19 });
  const [moves, heat] = [noteArrivals(player, moveOf), noteArrivals(player, heatOf)];
  all.push({ player, sent: new Map(), moves, heat, seen: new Map() });
}
for (let i = 0; i < viewers; i += AT_ONCE) {
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, viewers - i) }, async (_, k) => {
      const board = all[(i + k) % boards];
      const viewer = await connect(server);
      await viewer.do({ type: 'open', board: board.player.board.board });
      if (board.seen.size === 0 && i + k < boards) board.seen = noteArrivals(viewer, moveOf);
    }),
  );
}

let most = before ?? 0;
const endMs = performance.now() + 1000 * seconds;
const play = async ({ player, sent }: Board, seed: number): Promise<void> => {
  const random = new Random(seed);
  await pause(random.float() * MOVE_EVERY_MS);
  while (performance.now() < endMs) {
    const game = gameAt(player.board, player.board.current);
    const legal = Array.from(game.board.points).filter(point => game.isLegal(point));
    const point = legal[Math.floor(random.float() * legal.length)];
    const startMs = performance.now();
    await player.play(makeVertex(point, game));
    sent.set(player.board.current, startMs);
    await pause(Math.max(0, startMs + MOVE_EVERY_MS - performance.now()));
  }
};
const watchMemory = async (): Promise<void> => {
  while (performance.now() < endMs) {
    most = Math.max(most, (await memory()) ?? 0);
    await pause(500);
  }
};
await Promise.all([...all.map(play), watchMemory()]);
await pause(1000);

/** Milliseconds between leaving and arriving, of all moves. */
const delays = (of: (board: Board) => Map<number, number>): number[] =>
  all.flatMap(board =>
    [...board.sent].flatMap(([node, startMs]) => {
      const arrivedMs = of(board).get(node);
      return arrivedMs === undefined ? [] : [arrivedMs - startMs];
    }),
  );
const moves = all.reduce((sum, { sent }) => sum + sent.size, 0);
process.stdout.write(`${viewers} viewers, ${boards} boards, ${moves} moves in ${seconds} s\n`);
const figures: Record<string, number> = {};
for (const [name, values] of [
  ['move to its player', delays(({ moves: arrivals }) => arrivals)],
  ['move to a viewer', delays(({ seen }) => seen)],
  ['heat map', delays(({ heat }) => heat)],
] as const) {
  const [median, slow] = [percentile(values, 0.5), percentile(values, 0.99)];
  figures[`${name}, median ms`] = median;
  figures[`${name}, 99th percentile ms`] = slow;
  process.stdout.write(
    `${name}: median ${median.toFixed(1)} ms, 99th percentile ${slow.toFixed(1)} ms, ${values.length} of ${moves} came\n`,
  );
}
if (before !== undefined) {
  figures['memory MiB'] = Math.round(most / MIB);
  process.stdout.write(
    `memory: ${(before / MIB).toFixed(0)} MiB with nobody there, ${(most / MIB).toFixed(0)} MiB at most\n`,
  );
}
keepFigures('server', figures);
const ended = new Promise(resolve => {
  child.once('exit', resolve);
});
child.kill('SIGTERM');
await ended;
await rm(data, { recursive: true, force: true });
process.exit(0);
