/** States of the page that are not its usual one: scoring, looking alone, no connection; and windows that change the board. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { serious } from './axe.ts';
import { inChromium } from './suite.ts';
import { ALONE, SOON, answer, clickAt, currentMove, ready, visit } from './support.ts';

const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } as const;

inChromium(site => {
  const playTwo = async (device: object = {}): Promise<Page> => {
    const page = await visit(site.browser, site.server.address, { choices: ALONE, ...device });
    await clickAt(page, 'E5');
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    await clickAt(page, 'C3');
    await expect.poll(() => currentMove(page), SOON).toBe('2. White C3');
    return page;
  };

  test.each(['light', 'dark'] as const)('has nothing serious for axe in any state, %s', async colorScheme => {
    const page = await playTwo({ colorScheme });
    for (const name of ['White', 'Remove this move']) {
      const button = page.getByRole('button', { name }).first();
      await button.click();
      await page.getByRole('dialog').waitFor();
      expect([name, ...(await serious(page))]).toEqual([name]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // The window gives the focus back.
      await expect.poll(() => button.evaluate(each => each === document.activeElement), SOON).toBe(true);
    }
    await page.getByRole('button', { name: 'Count' }).click();
    await page.locator('.scoring-score').waitFor();
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.scoring-score').waitFor({ state: 'detached' });
    await page.goto(`${page.url()}.1`);
    await page.reload();
    await ready(page);
    await page.getByRole('button', { name: 'Back to board' }).waitFor();
    expect(await serious(page)).toEqual([]);
    await page.context().close();
  });

  test('shows whose the points are while it counts', async () => {
    const page = await playTwo();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    await page.getByRole('button', { name: 'Count' }).click();
    await expect.poll(() => page.locator('.sign-territory.of-B').count(), SOON).toBe(80);
    await page.context().close();
  });

  test('lets hane take over a color', async () => {
    const page = await playTwo();
    await page.locator('.player').first().click();
    const dialog = page.getByRole('dialog', { name: 'Players' });
    await dialog.getByRole('group', { name: 'White' }).getByRole('radio', { name: 'hane' }).check();
    await dialog.getByRole('slider').fill('9');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.waitFor({ state: 'detached' });
    await clickAt(page, 'G7');
    expect(await answer(page, 4)).toMatch(/^4\. White/);
    await page.context().close();
  });

  test('takes moves away by touch, after it has asked', async () => {
    const page = await playTwo(PHONE);
    await page.getByRole('button', { name: '1. Black E5' }).tap();
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    await page.getByRole('button', { name: 'Remove this move' }).tap();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.textContent(), SOON).toContain('1. Black E5 and the move after it');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).tap();
    await expect.poll(() => currentMove(page), SOON).toBe('Start');
    expect(await page.locator('.tree-node').count()).toBe(1);
    await page.context().close();
  });

  test('takes a move away by key at once, more than that after it has asked, and keeps the focus', async () => {
    const page = await playTwo();
    const focus = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    const stones = page.locator('.tree-node');
    await clickAt(page, 'G7');
    await expect.poll(() => currentMove(page), SOON).toBe('3. Black G7');
    await page.getByRole('button', { name: '3. Black G7' }).focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => stones.count(), SOON).toBe(3);
    await expect.poll(focus, SOON).toBe('2. White C3');
    expect(await page.getByRole('status').textContent()).toContain('Removed: 3. Black G7.');

    await page.keyboard.press('ArrowLeft');
    await expect.poll(focus, SOON).toBe('1. Black E5');
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.textContent(), SOON).toContain('1. Black E5 and the move after it');
    await page.keyboard.press('Escape');
    await expect.poll(focus, SOON).toBe('1. Black E5');
    expect(await stones.count()).toBe(3);
    await page.keyboard.press('Delete');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).press('Enter');
    await expect.poll(() => stones.count(), SOON).toBe(1);
    await expect.poll(focus, SOON).toBe('Start');
    await page.context().close();
  });

  test('says of a record of another size what it says of such a game', async () => {
    const page = await visit(site.browser, site.server.address);
    const facts = page.locator('.game-facts');
    await expect.poll(() => facts.textContent(), SOON).toMatch(/^19×19 · /);
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Open SGF' }).click();
    const buffer = Buffer.from('(;GM[1]SZ[13];B[dd];W[jj])');
    await (await chosen).setFiles({ name: 'small.sgf', mimeType: 'application/x-go-sgf', buffer });
    await expect.poll(() => facts.textContent(), SOON).toMatch(/^13×13, where hane is weaker · /);
    const note = 'The network learned on 19×19; here hane is weaker.';
    await expect.poll(() => page.getByRole('status').textContent(), SOON).toContain(note);
    await page.locator('.player').first().click();
    const dialog = page.getByRole('dialog', { name: 'Players' });
    expect(await dialog.textContent()).not.toContain(note);
    await dialog.getByRole('group', { name: 'White' }).getByRole('radio', { name: 'hane' }).check();
    await expect.poll(() => dialog.textContent(), SOON).toContain(note);
    await page.context().close();
  });

  test('says everything on a phone, in two lines where one is too short, and leaves the board where it is', async () => {
    const page = await playTwo(PHONE);
    const place = async (): Promise<unknown> => (await page.locator('.stage').boundingBox())!.y;
    const cut = (): Promise<boolean> =>
      page.locator('.status-text').evaluate(text => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = text;
        return (
          scrollWidth > clientWidth ||
          scrollHeight > clientHeight ||
          getComputedStyle(text).textOverflow === 'ellipsis'
        );
      });
    const before = await place();
    await site.server.stop();
    await page.getByRole('alert').waitFor();
    expect([await cut(), await place()]).toEqual([false, before]);
    await site.server.startAgain();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.goto(`${page.url()}.2`);
    await page.reload();
    await ready(page);
    await page.getByRole('button', { name: 'Back to board' }).waitFor();
    expect([await cut(), await place()]).toEqual([false, before]);
    await page.context().close();
  });

  test('has nothing serious for axe without its server', async () => {
    const page = await playTwo();
    await site.server.stop();
    await page.getByRole('alert').waitFor();
    expect(await serious(page)).toEqual([]);
    await page.context().close();
    await site.server.startAgain();
  });
});
