/** A board that several look at, links to it, records on it, and a server that goes and comes back. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inChromium } from './suite.ts';
import { ALONE, SMALL, SOON, answer, clickAt, currentMove, ready, visit } from './support.ts';

const RECORD =
  '(;GM[1]FF[4]CA[UTF-8]SZ[9]KM[6.5]PB[Alice]PW[Bob]C[A short one];B[ee];W[cc]C[Too early?](;B[gc];W[cg])(;B[gg]C[Better]))';

inChromium(site => {
  const drop = async (page: Page, name: string, text: string): Promise<void> => {
    const transfer = await page.evaluateHandle(
      ([fileName, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], fileName));
        return data;
      },
      [name, text] as const,
    );
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
    await page.locator('.drop-target').waitFor();
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  };

  test('shows two browsers the same board', async () => {
    const first = await visit(site.browser, site.server.address, { choices: ALONE });
    const second = await visit(site.browser, first.url());
    await clickAt(first, 'E5');
    await expect.poll(() => currentMove(second), SOON).toBe('1. Black E5');
    await clickAt(second, 'C3');
    await expect.poll(() => currentMove(first), SOON).toBe('2. White C3');
    await first.keyboard.press('ArrowLeft');
    await expect.poll(() => currentMove(second), SOON).toBe('1. Black E5');
    await expect.poll(() => first.locator('.game-facts').textContent(), SOON).toContain('2 watching');
    await Promise.all([first.context().close(), second.context().close()]);
  });

  test('shows a link to a position by itself, with a way back', async () => {
    const first = await visit(site.browser, site.server.address, { choices: ALONE });
    for (const [i, vertex] of ['E5', 'C3', 'G7'].entries()) {
      await clickAt(first, vertex);
      await expect.poll(() => currentMove(first), SOON).toMatch(new RegExp(`^${i + 1}\\.`));
    }
    const second = await visit(site.browser, `${first.url()}.1`);
    await expect.poll(() => currentMove(second), SOON).toBe('1. Black E5');
    expect(await second.locator('.status').textContent()).toContain('Looking at move 1, Black E5');
    await expect.poll(() => second.locator('.board-marks circle').count(), SOON).toBeGreaterThan(0);
    expect(await currentMove(first)).toBe('3. Black G7');
    await second.getByRole('button', { name: 'Back to board' }).click();
    await expect.poll(() => currentMove(second), SOON).toBe('3. Black G7');
    expect(second.url()).toBe(first.url());
    await Promise.all([first.context().close(), second.context().close()]);
  });

  test('goes on with the same game after the server has restarted', async () => {
    const page = await visit(site.browser, site.server.address, { choices: SMALL });
    await clickAt(page, 'E5');
    const before = await answer(page, 2);
    await site.server.stop();
    await expect
      .poll(() => page.locator('.status').textContent())
      .toMatch(/The board is kept|the board is kept/);
    await site.server.startAgain();
    await expect.poll(() => page.locator('.status').textContent(), SOON).toBe('Your move');
    expect(await currentMove(page)).toBe(before);
    await clickAt(page, 'C7');
    await expect.poll(() => currentMove(page), SOON).toMatch(/^[34]\. /);
    await page.context().close();
  });

  test('takes a record that is dropped, and saves it with its variations and comments', async () => {
    const page = await visit(site.browser, site.server.address, { choices: SMALL });
    await drop(page, 'game.sgf', RECORD);
    await expect.poll(() => page.locator('.players').textContent(), SOON).toContain('Alice');
    await expect.poll(() => page.locator('.comment').textContent(), SOON).toBe('A short one');
    await page.keyboard.press('End');
    await expect.poll(() => currentMove(page), SOON).toBe('4. White C3');
    const saving = page.waitForEvent('download');
    await page.keyboard.press('s');
    const saved = await readFile(await (await saving).path(), 'utf8');
    for (const part of ['PB[Alice]', 'KM[6.5]', 'C[A short one]', 'C[Better]', ';B[gg]', ';W[cg]'])
      expect(saved).toContain(part);
    await page.context().close();
  });

  test('keeps the game where a record is no record, and says why', async () => {
    const page = await visit(site.browser, site.server.address, { choices: ALONE });
    await clickAt(page, 'E5');
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    const before = page.url();
    await drop(page, 'notes.txt', 'nothing to see');
    await expect
      .poll(() => page.locator('.toast-error').textContent(), SOON)
      .toContain('record cannot be read');
    await expect.poll(() => page.url(), SOON).toBe(before);
    expect(await currentMove(page)).toBe('1. Black E5');
    await page.context().close();
  });

  test('leads back to a board of before', async () => {
    const page = await visit(site.browser, site.server.address, { choices: ALONE });
    await clickAt(page, 'E5');
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    const before = page.url();
    await page.goto(site.server.address);
    await page.reload();
    await ready(page);
    expect(page.url()).not.toBe(before);
    await page.getByRole('button', { name: 'Recent boards' }).click();
    await page.getByRole('dialog').getByRole('link').first().click();
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    expect(page.url()).toBe(before);
    await page.context().close();
  });
});
