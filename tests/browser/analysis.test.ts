/** What hane sees, on the page: overlays, lines, the graph, the planes; by mouse, by touch and by key. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { PLANES, describePlane } from '../../features/planes.ts';
import { inChromium } from './suite.ts';
import { ALONE, SOON, clickAt, currentMove, hoverAt, visit } from './support.ts';

const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } as const;

inChromium(site => {
  const marks = (page: Page) => page.locator('.board-marks > g');
  const ghosts = (page: Page) => page.locator('.ghost');
  const rows = (page: Page) => page.locator('.candidates tbody tr:not(.is-empty)');
  const overlay = (page: Page, name: string) =>
    page.getByRole('group', { name: 'Show on the board' }).getByRole('radio', { name, exact: true });

  /** Two moves on a board of 9x9, looked at by a search that has lines to show. */
  const search = async (device: object = {}): Promise<Page> => {
    const page = await visit(site.browser, site.server.address, { choices: ALONE, ...device });
    for (const [i, vertex] of ['E5', 'C3'].entries()) {
      await clickAt(page, vertex);
      await expect.poll(() => currentMove(page), SOON).toMatch(new RegExp(`^${i + 1}\\.`));
    }
    await page.mouse.move(0, 0);
    await page.getByRole('radio', { name: 'Search' }).press(' ');
    // Enough visits for the best moves to have answers.
    await expect.poll(() => page.locator('.outlook-details').textContent(), SOON).toMatch(/\d{2,} visits/);
    return page;
  };

  test('shows the line of a move as ghost stones, pointed at in the list or on the board', async () => {
    const page = await search();
    await overlay(page, 'Visits').check();
    expect(await ghosts(page).count()).toBe(0);
    await rows(page).first().hover();
    await expect.poll(() => ghosts(page).count(), SOON).toBeGreaterThan(1);
    const vertex = (await rows(page).first().getByRole('button').textContent())!;
    await page.mouse.move(0, 0);
    await expect.poll(() => ghosts(page).count(), SOON).toBe(0);
    await hoverAt(page, vertex);
    await expect.poll(() => ghosts(page).count(), SOON).toBeGreaterThan(1);
    expect(await page.locator('.candidates .is-pointed button').textContent()).toBe(vertex);
    // On the bare board nothing but the stone aimed at.
    await overlay(page, 'None').check();
    await hoverAt(page, vertex);
    expect(await ghosts(page).count()).toBe(0);
    expect(await page.locator('.aim').count()).toBe(1);
    await page.context().close();
  });

  test('shows a line by the first tap on a phone, with the board in sight, and plays by the second', async () => {
    const page = await search(PHONE);
    await rows(page).first().tap();
    expect(await currentMove(page)).toBe('2. White C3');
    await expect.poll(() => ghosts(page).count(), SOON).toBeGreaterThan(1);
    const board = (await page.locator('.board').boundingBox())!;
    expect(board.y).toBeGreaterThanOrEqual(0);
    // The search may have changed the order of the rows.
    const vertex = (await page.locator('.candidates .is-pointed button').textContent())!;
    await page.locator('.candidates').getByRole('button', { name: vertex, exact: true }).tap();
    await expect.poll(() => currentMove(page), SOON).toBe(`3. Black ${vertex}`);
    await page.context().close();
  });

  test('shows policy, the expert, visits, win rates and ownership, each with its scale', async () => {
    const page = await search();
    for (const [name, scale] of [
      ['Expert', /^0 %\d+ %$/],
      ['Visits', /^0\d/],
      ['Win rate', /^best15 % worse$/],
      ['Ownership', /^WhiteBlack$/],
      ['Policy', /^0 %\d+ %Pass/],
    ] as const) {
      await overlay(page, name).check();
      await expect.poll(() => marks(page).count(), SOON).toBeGreaterThan(1);
      await expect.poll(() => page.locator('.legend-scale').textContent(), SOON).toMatch(scale);
    }
    expect(await page.locator('.outlook-details').textContent()).toMatch(/^Heat map in [\d.]+ m?s · /);
    await page.context().close();
  });

  test('shows nothing that it found while analysis is off, and all of it again after', async () => {
    const page = await search();
    expect(await marks(page).count()).toBeGreaterThan(1);
    await page.getByRole('radio', { name: 'Off' }).check();
    await expect.poll(() => marks(page).count(), SOON).toBe(0);
    expect(await rows(page).count()).toBe(0);
    expect(await page.locator('.outlook-line').textContent()).toBe('Analysis is off');
    await page.getByRole('radio', { name: 'Network' }).check();
    await expect.poll(() => marks(page).count(), SOON).toBeGreaterThan(1);
    await page.context().close();
  });

  test('steps through the game by key after a choice by mouse', async () => {
    const page = await search();
    await overlay(page, 'Expert').click();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    expect(await overlay(page, 'Expert').isChecked()).toBe(true);
    // By key the arrows choose, and letters work all the same.
    await overlay(page, 'Expert').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await overlay(page, 'Policy').isChecked()).toBe(true);
    expect(await currentMove(page)).toBe('1. Black E5');
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New game' }).waitFor();
    await page.context().close();
  });

  test('goes to where the graph is clicked, and along with the pointer', async () => {
    const page = await search();
    const { x, y, width, height } = (await page.locator('.graph-plots').boundingBox())!;
    // A short game has room for 30 moves.
    const at = (move: number): [number, number] => [x + (move / 30) * width, y + height / 4];
    await page.mouse.click(...at(0));
    await expect.poll(() => currentMove(page), SOON).toBe('Start');
    await page.mouse.move(...at(0));
    await page.mouse.down();
    await page.mouse.move(...at(1));
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    await page.mouse.move(...at(2));
    await expect.poll(() => currentMove(page), SOON).toBe('2. White C3');
    await page.mouse.up();
    await page.context().close();
  });

  test('shows each of the planes with what it means, one key from the next', async () => {
    const page = await search();
    await page.getByRole('button', { name: 'Planes' }).click();
    const dialog = page.getByRole('dialog');
    const fits = await dialog.evaluate(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight);
    expect(fits).toBe(true);
    for (let plane = 0; plane < PLANES; plane++) {
      expect(await dialog.locator('.plane-head small').textContent()).toBe(`${plane + 1} of ${PLANES}`);
      expect(await dialog.locator('.plane-meaning').textContent()).toContain(describePlane(plane));
      await page.keyboard.press('ArrowRight');
    }
    await page.context().close();
  });

  test('has five star points on small boards', async () => {
    const page = await visit(site.browser, site.server.address, { choices: ALONE });
    const seen = page.locator('.shudan-hoshi').filter({ visible: true });
    expect(await seen.count()).toBe(5);
    await page.context().close();
  });
});
