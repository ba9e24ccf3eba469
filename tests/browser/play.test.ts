/** Playing on the page: moves and answers, what the network says, taking back, counting, the keyboard alone. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeVertex, pointOfPolicyIndex } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { parseRules } from '../../engine/rules.ts';
import { parseVertex } from '../../engine/coords.ts';
import { evaluate } from '../../src/inference/evaluate.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { shortPercent } from '../../src/web/board/numbers.ts';
import { inChromium } from './suite.ts';
import { ALONE, SMALL, SOON, answer, clickAt, currentMove, numbersOn, visit } from './support.ts';

inChromium(site => {
  const open = async (choices?: object): Promise<Page> =>
    visit(site.browser, site.server.address, choices ? { choices } : {});
  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  test('answers the first click, and shows a heat map of what comes next', async () => {
    const page = await open();
    expect(await page.title()).toBe('Your move · hane');
    await clickAt(page, 'Q16');
    const move = await answer(page, 2);
    expect(move).toMatch(/^2\. White [A-T]\d+$/);
    await expect.poll(() => page.locator('.board-marks circle').count(), SOON).toBeGreaterThan(3);
    await expect.poll(() => page.locator('[role=log]').textContent(), SOON).toBe(move.slice(3));
    await page.context().close();
  });

  test('shows the numbers of the evaluator', async () => {
    const page = await open();
    await page.getByLabel('Numbers').check();
    await clickAt(page, 'Q16');
    const vertex = (await answer(page, 2)).split(' ').at(-1)!;
    const game = new Game({ komi: 7.5, rules: parseRules('chinese')! });
    for (const each of ['Q16', vertex]) game.play(parseVertex(each, game)!);
    const evaluator = await openEvaluator({ backend: 'cpu', threads: 1, kernel: 'direct' });
    const { policy } = await evaluate(evaluator, game);
    await evaluator.close();
    const likely = [...policy.keys()]
      .filter(i => i < game.board.area && policy[i] > 0.02)
      .map(i => [makeVertex(pointOfPolicyIndex(i, game), game), shortPercent(policy[i])] as const);
    expect(likely.length).toBeGreaterThan(2);
    await expect
      .poll(() => numbersOn(page).then(numbers => numbers.get(likely[0][0])), SOON)
      .toBe(likely[0][1]);
    const numbers = await numbersOn(page);
    for (const [point, percent] of likely) expect([point, numbers.get(point)]).toEqual([point, percent]);
    await page.context().close();
  });

  test('takes a move back, which stays as a variation', async () => {
    const page = await open(SMALL);
    await clickAt(page, 'E5');
    await answer(page, 2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => currentMove(page), SOON).toBe('Start');
    await clickAt(page, 'C3');
    await answer(page, 2);
    expect(await page.locator('.tree-node').count()).toBe(5);
    await press(page, 'Home');
    await expect.poll(() => currentMove(page), SOON).toBe('Start');
    await press(page, 'ArrowRight');
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black C3');
    await press(page, 'ArrowUp');
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black E5');
    await page.getByRole('button', { name: /^1\. Black C3/ }).click();
    await expect.poll(() => currentMove(page), SOON).toBe('1. Black C3');
    await page.context().close();
  });

  test('counts: dead stones are chosen on the board, and the result is accepted', async () => {
    const page = await open(ALONE);
    // Walls on both sides of the middle, and a white stone without hope.
    const black = ['D9', 'D8', 'D7', 'D6', 'D5', 'D4', 'D3', 'D2', 'D1'];
    const white = ['F9', 'F8', 'F7', 'F6', 'F5', 'F4', 'F3', 'F2', 'B5'];
    for (const [i, vertex] of black.entries()) {
      await clickAt(page, vertex);
      await expect.poll(() => currentMove(page), SOON).toBe(`${2 * i + 1}. Black ${vertex}`);
      await clickAt(page, white[i]);
      await expect.poll(() => currentMove(page), SOON).toBe(`${2 * i + 2}. White ${white[i]}`);
    }
    await press(page, 'p');
    await expect.poll(() => currentMove(page), SOON).toBe('19. Black passes');
    await press(page, 'p');
    const score = page.locator('.scoring-score');
    await score.waitFor();
    const before = await score.textContent();
    await clickAt(page, 'B5');
    await expect.poll(() => score.textContent(), SOON).not.toBe(before);
    const after = await score.textContent();
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => page.title(), SOON).toBe(`${after} · hane`);
    await page.context().close();
  });

  test('asks before it resigns', async () => {
    const page = await open(SMALL);
    await clickAt(page, 'E5');
    await answer(page, 2);
    await page.getByRole('button', { name: 'Resign' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Play on' }).click();
    expect(await page.title()).not.toContain('resignation');
    await page.getByRole('button', { name: 'Resign' }).click();
    await dialog.getByRole('button', { name: 'Resign' }).click();
    await expect.poll(() => page.title(), SOON).toBe('White wins by resignation · hane');
    await page.context().close();
  });

  test('is played with the keyboard alone', async () => {
    const page = await open(SMALL);
    await press(page, 'n');
    const dialog = page.getByRole('dialog', { name: 'New game' });
    await dialog.waitFor();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const board = page.getByRole('application');
    for (let i = 0; i < 40; i++) {
      if (await board.evaluate(element => element === document.activeElement)) break;
      await press(page, 'Tab');
    }
    // The cursor begins in the middle.
    await press(page, 'ArrowLeft', 'ArrowDown', 'Enter');
    await expect.poll(() => currentMove(page), SOON).toMatch(/^(1\. Black D4|2\. White)/);
    await answer(page, 2);
    await press(page, 'ArrowUp', 'ArrowUp', 'ArrowUp', 'Enter');
    const move = await answer(page, 4).catch(() => currentMove(page));
    expect(move).toMatch(/^(4\. White|2\. White)/);
    await press(page, 'p', 'u');
    await press(page, '?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await press(page, 'Escape');
    await expect.poll(() => page.getByRole('dialog').count(), SOON).toBe(0);
    await page.context().close();
  });
});
