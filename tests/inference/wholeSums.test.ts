import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { EXACT_SUMS, settingsOf } from '../../src/inference/kernels.ts';
import { addsWholeSums } from '../../src/inference/wholeSums.ts';

const open = (model: Uint8Array): Promise<InferenceSession> =>
  InferenceSession.create(model, { intraOpNumThreads: 1, extra: { session: EXACT_SUMS } });

test('told to be exact, ONNX Runtime adds up whole numbers as they are, on any processor', async () => {
  expect(await addsWholeSums({ open, Tensor })).toBe(true);
});

test('sums that end where 16 bits do are told from whole ones', async () => {
  /** Two products at a time, as on x64 without VNNI: half of what it should be. */
  const openShort = async (model: Uint8Array): Promise<InferenceSession> => {
    const session = await open(model);
    const run = async (feeds: Record<string, Tensor>): Promise<InferenceSession.ReturnType> => {
      const { y } = await session.run(feeds);
      const short = (y.data as Float32Array).map(value => (value * 32_767) / (2 * 255 * 127));
      return { y: new Tensor('float32', short, y.dims) };
    };
    return { run, release: () => session.release() } as unknown as InferenceSession;
  };
  expect(await addsWholeSums({ open: openShort, Tensor })).toBe(false);
});

test('a session is told to be exact where that is needed, and nowhere else: it is slower', () => {
  const isExact = (settings: Record<string, unknown>): boolean =>
    'x64quantprecision' in (settings['session'] as object);
  expect(isExact(settingsOf('int8', false))).toBe(true);
  expect(isExact(settingsOf('int8', true))).toBe(false);
  for (const form of ['direct', 'winograd'] as const) expect(isExact(settingsOf(form, false))).toBe(false);
});
