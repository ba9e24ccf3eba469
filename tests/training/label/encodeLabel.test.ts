import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '../../../engine/types.ts';
import { LABEL_BYTES, LabelError, Labels, encodeLabel, type Label } from '../../../src/training/labels.ts';
import { sharedPath } from '../../support/shared.ts';

const PLAIN = Int16Array.from({ length: 361 }, (_, i) => i);

const decode = (labels: Labels, i = 0): Label => {
  const policy = new Float32Array(362);
  const ownership = new Float32Array(361);
  labels.policy(i, PLAIN, policy);
  labels.ownership(i, PLAIN, ownership);
  return {
    game: labels.game(i),
    ply: labels.ply(i),
    komi: labels.komi(i),
    toPlay: labels.toPlay(i),
    chance: labels.chance(i),
    lead: labels.lead(i),
    policy,
    ownership,
  };
};

/** Labels as an engine might give them: shares of anything, illegal moves among them. */
const anyLabel: fc.Arbitrary<Label> = fc
  .record({
    game: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    ply: fc.integer({ min: 0, max: 65_535 }),
    komi: fc.integer({ min: -300, max: 300 }).map(twice => twice / 2),
    toPlay: fc.constantFrom(BLACK, WHITE),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
    lead: fc.double({ min: -400, max: 400, noNaN: true }),
    policy: fc.array(fc.double({ min: -0.2, max: 1, noNaN: true }), { minLength: 362, maxLength: 362 }),
    ownership: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 361, maxLength: 361 }),
  })
  .map(label => {
    const sum = label.policy.reduce((total, share) => total + Math.max(0, share), 0);
    return { ...label, policy: label.policy.map(share => (share < 0 ? -1 : share / sum)) };
  });

test("what is written is read again, to the form's units", () => {
  fc.assert(
    fc.property(anyLabel, label => {
      const read = decode(new Labels(encodeLabel(label)));
      expect([read.game, read.ply, read.komi, read.toPlay]).toEqual([
        label.game,
        label.ply,
        label.komi,
        label.toPlay,
      ]);
      expect(Math.abs(read.chance - label.chance)).toBeLessThanOrEqual(0.5 / 65_535 + 1e-12);
      expect(Math.abs(read.lead - label.lead)).toBeLessThanOrEqual(0.025 + 1e-9);
      for (let i = 0; i < 361; i++)
        expect(Math.abs(read.ownership[i] - label.ownership[i])).toBeLessThanOrEqual(1 / 15 + 1e-6);
    }),
    { numRuns: 50 },
  );
});

test('of the policy the 16 likeliest moves stay, none under 0.2 %, and passing', () => {
  const policy = Array.from({ length: 362 }, (_, i) => (i < 20 ? 0.004 + 0.001 * i : i === 30 ? 0.0019 : 0));
  policy[361] = 0.0005;
  policy[40] = -1;
  const bytes = encodeLabel({ ...decode(new Labels(encodeLabel(base))), policy });
  expect(bytes[13]).toBe(16);
  const view = new DataView(bytes.buffer);
  const points = Array.from({ length: 16 }, (_, k) => view.getUint16(16 + 4 * k, true));
  expect(points).toEqual(Array.from({ length: 16 }, (_, k) => 19 - k));
  expect(view.getUint16(14, true)).toBe(Math.round(0.0005 * 65_535));
});

const base: Label = {
  game: 0,
  ply: 0,
  komi: 7.5,
  toPlay: BLACK,
  chance: 0.5,
  lead: 0,
  policy: Array.from({ length: 362 }, () => 0),
  ownership: Array.from({ length: 361 }, () => 0),
};

describe('a label with', () => {
  test.each<[string, Partial<Label>, string]>([
    ['a number that is none', { lead: Number.NaN }, 'lead NaN of a label: must be from -1638 to 1638'],
    ['a chance over 1', { chance: 1.5 }, 'winning chance 1.5 of a label: must be from 0 to 1'],
    ['too few moves', { policy: [1] }, 'a label with 1 moves and 361 owners: must be 362 and 361'],
    ['a large ply', { ply: 70_000 }, 'ply 70000 of a label: must be from 0 to 65535'],
  ])('%s is refused', (_, change, message) => {
    expect(() => encodeLabel({ ...base, ...change })).toThrow(new LabelError(message));
  });
});

const path = sharedPath('data/labels/kgs-2.bin.gz');

describe.skipIf(path === undefined)('the shared labels', () => {
  test('written again are the same bytes, but for the policy, which is the same but for its scale', () => {
    const bytes = new Uint8Array(gunzipSync(readFileSync(path!))).subarray(0, 3000 * LABEL_BYTES);
    const labels = new Labels(bytes);
    for (let i = 0; i < labels.count; i++) {
      const label = decode(labels, i);
      const before = bytes.subarray(i * LABEL_BYTES, (i + 1) * LABEL_BYTES);
      const [old, view] = [before, encodeLabel(label)].map(
        record => new DataView(record.buffer, record.byteOffset, LABEL_BYTES),
      );
      const after = new Uint8Array(view.buffer);
      expect(after.subarray(0, 14)).toEqual(before.subarray(0, 14));
      expect(after.subarray(80)).toEqual(before.subarray(80));
      // The teacher left out moves under 0.2 %, so that what it kept adds up to a little less than 1.
      const shares = (of: DataView): number[] =>
        Array.from({ length: of.getUint8(13) }, (_, k) => of.getUint16(18 + 4 * k, true));
      const scale = 65_535 / (shares(old).reduce((a, b) => a + b, 0) + old.getUint16(14, true));
      for (const [k, share] of shares(view).entries())
        expect(Math.abs(share - shares(old)[k] * scale)).toBeLessThanOrEqual(0.51);
    }
  });
});
