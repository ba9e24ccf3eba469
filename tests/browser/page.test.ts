/** How the page looks and loads: narrow and wide, light and dark, for people who do not see it, and how fast. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/packageRoot.ts';
import { serious } from './axe.ts';
import { inChromium } from './suite.ts';
import { EASY, answer, clickAt, visit } from './support.ts';

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
    ['desktop', {}],
    ['phone', PHONE],
  ])('does not move while it loads and the first moves are played, on a %s', async (_, device) => {
    const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, ...device });
    await context.addInitScript(text => {
      localStorage.setItem('hane.choices', text);
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver(list => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          shifts.push(entry.value);
      }).observe({ type: 'layout-shift', buffered: true });
    }, JSON.stringify(EASY));
    const page = await context.newPage();
    await page.goto(site.server.address);
    await page.locator('.board-marks circle').first().waitFor();
    await clickAt(page, 'Q16');
    if (await page.locator('.aim.is-firm').count()) await clickAt(page, 'Q16');
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
