import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '../../engine/types.ts';
import { symmetryMap } from '../../features/symmetry.ts';
import { LABEL_BYTES, LabelError, Labels } from '../../src/training/labels.ts';
import { sharedPath } from '../support/shared.ts';

const BOARD = { width: 19, height: 19 };

/** A record by hand: two moves and passing, the upper row ours, the rest the opponent's. */
const makeRecord = (changes: (view: DataView) => void = () => {}): Uint8Array => {
  const bytes = new Uint8Array(LABEL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 70_000, true);
  view.setUint16(4, 123, true);
  view.setInt16(6, 15, true);
  view.setUint16(8, 16_384, true);
  view.setInt16(10, -55, true);
  view.setUint8(12, 2);
  view.setUint8(13, 2);
  view.setUint16(14, 6000, true);
  view.setUint16(16, 3 + 19 * 15, true);
  view.setUint16(18, 30_000, true);
  view.setUint16(20, 0, true);
  view.setUint16(22, 24_000, true);
  for (let point = 0; point < 19; point++) bytes[80 + (point >> 1)] |= point % 2 === 0 ? 15 : 240;
  changes(view);
  return bytes;
};

test('a record is read field by field, and its policy adds up to 1', () => {
  const labels = new Labels(makeRecord());
  expect([
    labels.count,
    labels.game(0),
    labels.ply(0),
    labels.komi(0),
    labels.lead(0),
    labels.toPlay(0),
  ]).toEqual([1, 70_000, 123, 7.5, -2.75, WHITE]);
  expect(labels.chance(0)).toBeCloseTo(0.25, 4);
  const policy = new Float32Array(362);
  labels.policy(0, symmetryMap(0, BOARD), policy);
  expect([policy[3 + 19 * 15], policy[0], policy[361]].map(share => share.toFixed(4))).toEqual([
    '0.5000',
    '0.4000',
    '0.1000',
  ]);
  const ownership = new Float32Array(361);
  labels.ownership(0, symmetryMap(0, BOARD), ownership);
  expect(Array.from(ownership, (owner, i) => owner === (i < 19 ? 1 : -1)).every(Boolean)).toBe(true);
});

test('a symmetry turns policy and ownership with the board', () => {
  const labels = new Labels(makeRecord());
  for (let symmetry = 0; symmetry < 8; symmetry++) {
    const map = symmetryMap(symmetry, BOARD);
    const policy = new Float32Array(400);
    labels.policy(0, map, policy, 38);
    expect(policy[38 + map[3 + 19 * 15]]).toBeCloseTo(0.5, 4);
    expect(policy[38 + 361]).toBeCloseTo(0.1, 4);
    const ownership = new Float32Array(361);
    labels.ownership(0, map, ownership);
    for (let i = 0; i < 361; i++) expect(ownership[map[i]]).toBe(i < 19 ? 1 : -1);
  }
});

describe('what is no label is refused with its place:', () => {
  test.each<[string, (view: DataView) => void, string]>([
    ['a player', view => view.setUint8(12, 3), 'record 2 has player 3, not 1 or 2'],
    ['moves', view => view.setUint8(13, 17), 'record 2 has 17 moves, more than 16'],
    ['a point', view => view.setUint16(20, 361, true), 'record 2 has a move on point 361 of 361'],
  ])('%s', (_, changes, message) => {
    const bytes = Buffer.concat([makeRecord(), makeRecord(changes)]);
    expect(() => new Labels(bytes, 'x.bin')).toThrow(`x.bin: ${message}`);
  });

  test('a file that is cut off', () => {
    expect(() => new Labels(makeRecord().subarray(1), 'x.bin')).toThrow(LabelError);
  });
});

const path = sharedPath('data/labels/kgs-1.bin.gz');

describe.skipIf(path === undefined)('the shared labels', () => {
  test('are read: 100,000 positions, policies that add up, both players', () => {
    const labels = new Labels(gunzipSync(readFileSync(path!)), path);
    expect(labels.count).toBe(100_000);
    const map = symmetryMap(0, BOARD);
    const colors = { [BLACK]: 0, [WHITE]: 0 };
    for (let i = 0; i < labels.count; i += 97) {
      const policy = new Float32Array(362);
      labels.policy(i, map, policy);
      expect(policy.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
      expect(Math.abs(labels.lead(i))).toBeLessThan(400);
      colors[labels.toPlay(i)]++;
    }
    expect(Math.min(colors[BLACK], colors[WHITE])).toBeGreaterThan(300);
  });
});
