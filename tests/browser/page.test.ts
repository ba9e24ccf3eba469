/** How the page looks and loads: narrow and wide, light and dark, for people who do not see it, and how fast. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/packageRoot.ts';
import { serious } from './axe.ts';
import { inChromium } from './suite.ts';
import { EASY, SMALL, answer, clickAt, visit } from './support.ts';

/** Most bytes of the page's first script, gzipped. */
const SCRIPT_BYTES = 100_000;

/** Most that may move while the page loads, as Chromium measures it (Cumulative Layout Shift). */
const SHIFT = 0.02;

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
const NARROW = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } as const;

inChromium(site => {
  test.each(['light', 'dark'] as const)('has nothing serious for axe, %s', async colorScheme => {
    for (const device of [{}, PHONE]) {
      const page = await visit(site.browser, site.server.address, { colorScheme, ...device });
      await page.locator('.board-marks circle').first().waitFor();
      expect(await serious(page)).toEqual([]);
      for (const name of ['New game', 'Planes', 'Recent boards', 'Keys and help']) {
        await page.getByRole('button', { name, exact: true }).first().click();
        await page.getByRole('dialog').waitFor();
        expect([name, ...(await serious(page))]).toEqual([name]);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await page.context().close();
    }
  });

  test('is no wider than a narrow phone, with any window open', async () => {
    const page = await visit(site.browser, site.server.address, NARROW);
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(360);
    for (const key of ['n', 'f', '?']) {
      await page.keyboard.press(key);
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      expect(await width()).toBe(360);
      expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    const board = (await page.locator('.board').boundingBox())!;
    expect(board.width).toBeGreaterThan(320);
    await page.context().close();
  });

  test.each([
    ['the smallest phone', 320, 568, 270],
    ['a phone', 360, 640, 320],
    ['a phone that lies', 844, 390, 300],
    ['a tablet that stands', 768, 1024, 700],
    ['a tablet that lies', 1024, 768, 500],
    ['a laptop', 1280, 720, 560],
    ['a large screen', 1920, 1080, 900],
  ])('fits %s of %d by %d, with a board that can be played on', async (_, width, height, least) => {
    const page = await visit(site.browser, site.server.address, { viewport: { width, height } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const board = (await page.locator('.board').boundingBox())!;
    expect(Math.min(board.width, board.height)).toBeGreaterThan(least);
    // All of it is in sight before anything is scrolled.
    expect(board.y + board.height).toBeLessThanOrEqual(height);
    await page.context().close();
  });

  test('keeps the board in sight on a phone while the rest goes by', async () => {
    const page = await visit(site.browser, site.server.address, PHONE);
    await page.locator('.tree').scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(300);
    const board = (await page.locator('.board').boundingBox())!;
    expect(board.y).toBeGreaterThanOrEqual(0);
    // What takes the focus is never beneath it.
    for (let i = 0; i < 16; i++) {
      await page.keyboard.press('Shift+Tab');
      const top = await page.evaluate(() => {
        const below = document.activeElement?.closest('.layout :is(button, input, [role=slider])');
        return below?.getBoundingClientRect().top;
      });
      if (top !== undefined && top > 0) expect(top).toBeGreaterThanOrEqual(board.height);
    }
    await page.context().close();
  });

  test('is dark where the system is, and as the visitor chooses, also next time', async () => {
    const page = await visit(site.browser, site.server.address, { colorScheme: 'dark' });
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByRole('button', { name: 'Colors: as the system' }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await ground()).toBe(light);
    await page.getByRole('button', { name: 'Colors: light' }).click();
    expect(await ground()).toBe(dark);
    await page.context().close();
  });

  test.each([
    ['desktop', {}, EASY],
    ['desktop with a small board', {}, SMALL],
    ['phone', PHONE, EASY],
  ])('does not move while it loads and the first moves are played, on a %s', async (_, device, choices) => {
    const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, ...device });
    await context.addInitScript(text => {
      localStorage.setItem('hane.choices', text);
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver(list => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          shifts.push(entry.value);
      }).observe({ type: 'layout-shift', buffered: true });
    }, JSON.stringify(choices));
    const page = await context.newPage();
    await page.goto(site.server.address);
    await page.locator('.board-marks circle').first().waitFor();
    await page.getByRole('radio', { name: 'Search' }).click();
    await page.getByRole('columnheader', { name: 'Visits' }).waitFor();
    await clickAt(page, 'G6');
    if (await page.locator('.aim.is-firm').count()) await clickAt(page, 'G6');
    await answer(page, 2);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(SHIFT);
    await context.close();
  });

  test('has a first script under 100 kB', async () => {
    const folder = join(packageRoot, 'dist', 'web');
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThan(0);
    let bytes = 0;
    for (const path of scripts) bytes += gzipSync(await readFile(join(folder, path))).length;
    expect(bytes).toBeLessThan(SCRIPT_BYTES);
  });
});
