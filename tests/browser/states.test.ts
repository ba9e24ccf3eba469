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
      await page.getByRole('button', { name }).first().click();
      await page.getByRole('dialog').waitFor();
      expect([name, ...(await serious(page))]).toEqual([name]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
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

  test('has nothing serious for axe without its server', async () => {
    const page = await playTwo();
    await site.server.stop();
    await page.getByRole('alert').waitFor();
    expect(await serious(page)).toEqual([]);
    await page.context().close();
    await site.server.startAgain();
  });
});
