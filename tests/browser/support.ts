/** The built page in a headless Chromium, before a real server with the real network. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { packageRoot } from '../../src/packageRoot.ts';
import { centerOf, placeAt, placeOf, vertexOf, type BoardGeometry } from '../../src/web/board/geometry.ts';
import { startHane } from '../support/hane.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where there is a Chromium: HANE_CHROMIUM, or the usual names on the path; undefined if nowhere. */
const findChromium = (): string | undefined => {
  const { HANE_CHROMIUM: named, PATH = '' } = process.env;
  if (named !== undefined) return named;
  return PATH.split(delimiter)
    .flatMap(folder => NAMES.map(name => join(folder, name)))
    .find(existsSync);
};

const executable = findChromium();

/** Why these tests cannot run here; undefined if they can. */
export const whySkipped: string | undefined =
  executable === undefined
    ? 'no Chromium on the path; HANE_CHROMIUM may name one'
    : existsSync(join(packageRoot, 'dist', 'web', 'index.html'))
      ? undefined
      : 'the page is not built: npm run build';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: executable!, args: FLAGS });

/** `hane serve` as a process, with a folder of its own that outlives restarts. */
export class Server {
  address = '';
  private readonly folder: string;
  private child: ChildProcessWithoutNullStreams | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'hane-browser-')));
    await server.run('0');
    return server;
  }

  /** Ends the process as Ctrl+C does. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child) return;
    const ended = new Promise(resolve => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
    this.child = undefined;
  }

  /** At the same address as before. */
  async startAgain(): Promise<void> {
    await this.run(new URL(this.address).port);
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async run(port: string): Promise<void> {
    // The form is named, so that the numbers are the same whatever else the machine does.
    const network = ['--threads', '1', '--kernel', 'direct'];
    const child = startHane(['serve', '--port', port, '--data', this.folder, ...network]);
    this.child = child;
    let said = '';
    this.address = await new Promise((resolve, reject) => {
      child.stderr.on('data', (text: Buffer) => (said += text.toString()));
      child.stdout.on('data', (text: Buffer) => {
        const address = /https?:\S+/.exec((said += text.toString()))?.[0];
        if (address !== undefined) resolve(address);
      });
      child.once('close', code => reject(new Error(`hane serve ended with ${code}: ${said}`)));
    });
  }
}

/** For what comes to be in time; a busy machine takes its own. */
export const SOON = { timeout: 40_000 } as const;

/** What the dialog of a new game begins with. */
export const EASY = { side: 'black', level: 9, size: 19, komi: 7.5 } as const;
export const SMALL = { ...EASY, size: 9 } as const;
export const ALONE = { ...SMALL, side: 'both' } as const;

/** A page of a new visitor; any error in it fails the test. */
export const visit = async (
  browser: Browser,
  address: string,
  { choices = EASY, ...options }: BrowserContextOptions & { readonly choices?: object } = {},
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  await context.addInitScript(
    `localStorage.getItem('hane.choices') ?? localStorage.setItem('hane.choices', '${JSON.stringify(choices)}')`,
  );
  const page = await context.newPage();
  page.on('pageerror', error => {
    throw error;
  });
  await page.goto(address);
  await ready(page);
  return page;
};

/** Waits until the board can be used. */
export const ready = async (page: Page): Promise<void> => {
  await expect.poll(() => page.title(), SOON).toMatch(/ · hane$/);
};

/** The board's geometry as the page has it, and where it begins. */
const geometryOf = async (page: Page): Promise<BoardGeometry & { left: number; top: number }> => {
  const board = page.locator('.board');
  const [width, height] = (await board.getAttribute('data-size'))!.split('x').map(Number);
  const { x: left, y: top, width: widthPx, height: heightPx } = (await board.boundingBox())!;
  // Shudan measures in vertices: one is its font size.
  const style = await page.locator('.shudan-goban').getAttribute('style');
  const vertexSize = Number(/font-size: *([\d.]+)px/.exec(style!)![1]);
  const marginPx = (widthPx - width * vertexSize) / 2;
  return { width, height, vertexSize, marginPx, widthPx, heightPx, left, top };
};

/** Where a point of the board is on the page. */
const positionOf = async (page: Page, vertex: string): Promise<[x: number, y: number]> => {
  const geometry = await geometryOf(page);
  const { x, y } = centerOf(geometry, placeOf(vertex, geometry)!);
  return [geometry.left + x, geometry.top + y];
};

/** Clicks on a point of the board. */
export const clickAt = async (page: Page, vertex: string): Promise<void> =>
  page.mouse.click(...(await positionOf(page, vertex)));

/** Moves the mouse to a point of the board. */
export const hoverAt = async (page: Page, vertex: string): Promise<void> =>
  page.mouse.move(...(await positionOf(page, vertex)));

/** The current move as the tree has it: "2. White D17", "Start". */
export const currentMove = async (page: Page): Promise<string> =>
  (await page.locator('.tree-node[aria-current]').getAttribute('aria-label')) ?? '';

/** Waits for a move of White's, and says which: hane's answer. */
export const answer = async (page: Page, number: number): Promise<string> => {
  await expect.poll(() => currentMove(page), SOON).toMatch(new RegExp(`^${number}\\. White`));
  return currentMove(page);
};

/** The numbers on the points, by vertex. */
export const numbersOn = async (page: Page): Promise<Map<string, string>> => {
  const geometry = await geometryOf(page);
  const labels = await page
    .locator('.board-marks text')
    .evaluateAll(texts =>
      texts.map(text => [text.getAttribute('x'), text.getAttribute('y'), text.textContent] as const),
    );
  return new Map(
    labels.map(([x, y, label]) => [
      vertexOf(placeAt(geometry, Number(x), Number(y))!, geometry),
      label ?? '',
    ]),
  );
};
