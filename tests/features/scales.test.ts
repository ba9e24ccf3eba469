import { expect, test } from 'vitest';
import { BLACK, WHITE } from '../../engine/types.ts';
import { encodeKomi } from '../../features/scales.ts';

test.each([
  [7.5, WHITE, 0.75],
  [7.5, BLACK, -0.75],
  [-5, WHITE, -0.5],
  [-5, BLACK, 0.5],
] as const)('a komi of %d is for color %d to move %d', (points, toPlay, komi) =>
  expect(encodeKomi(points, toPlay)).toBe(komi),
);
