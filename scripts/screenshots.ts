/**
 * Takes the README's pictures of the page: a game of hane against itself, looked at by a search, on a desktop, on a phone, and one of
 * the network's planes. Needs a built page and a Chromium (HANE_CHROMIUM may name one).
 *
 *     npm run build && npx tsx scripts/screenshots.ts [folder]
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import {
  PROTOCOL_VERSION,
  SOCKET_PATH,
  type ClientRequest,
  type ServerMessage,
} from '../src/server/protocol/messages.ts';
import { Server, launch, whySkipped } from '../tests/browser/support.ts';

const MOVES = 52;
const VISITS = /[\d,]{5,} visits/;

/** Plays the game and leaves it to a person, with a search going on. @returns the board's name */
const playGame = async (address: string): Promise<string> => {
  const socket = new WebSocket(`${address.replace(/^http/, 'ws').replace(/\/$/, '')}${SOCKET_PATH}`);
  await once(socket, 'open');
  let id = 0;
  const ask = (request: ClientRequest): void => socket.send(JSON.stringify({ ...request, id: id++ }));
  let board = '';
  let moves = 0;
  const played = new Promise<void>(done => {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if (message.type === 'board') ({ board } = message.state);
      if (message.type === 'change') moves += message.change.nodes?.length ?? 0;
      if (moves >= MOVES) done();
    });
  });
  ask({ type: 'hello', protocol: PROTOCOL_VERSION });
  ask({
    type: 'create',
    game: { size: 19, komi: 7.5, rules: 'chinese', handicap: 0, black: 8, white: 8, seconds: 1 },
  });
  await played;
  ask({ type: 'setPlaying', isPlaying: false });
  ask({ type: 'setPlayers', black: 'human', white: 10, seconds: 1 });
  ask({ type: 'setAnalysis', mode: 'search' });
  await new Promise(done => setTimeout(done, 1000));
  socket.close();
  return board;
};

const shoot = async (page: Page, name: string): Promise<void> => {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
};

if (whySkipped !== undefined) throw new Error(whySkipped);
const folder = resolve(process.argv[2] ?? 'docs');
mkdirSync(folder, { recursive: true });
const server = await Server.start();
const browser = await launch();
try {
  const board = await playGame(server.address);
  const open = async (width: number, height: number, isPhone: boolean): Promise<Page> => {
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: isPhone ? 2 : 1,
      isMobile: isPhone,
      hasTouch: isPhone,
      colorScheme: isPhone ? 'dark' : 'light',
    });
    await page.goto(`${server.address}#${board}`);
    while (!(await page.title()).endsWith(' · hane')) await page.waitForTimeout(100);
    return page;
  };
  const desktop = await open(1280, 800, false);
  await desktop.getByText(VISITS).first().waitFor({ timeout: 120_000 });
  await shoot(desktop, 'board');
  await desktop.getByRole('button', { name: 'Planes' }).click();
  await desktop.waitForTimeout(1000);
  await shoot(desktop, 'planes');
  const phone = await open(390, 844, true);
  await phone.waitForTimeout(2000);
  await shoot(phone, 'phone');
} finally {
  await browser.close();
  await server.remove();
}
