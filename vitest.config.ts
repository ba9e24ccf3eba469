import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    benchmark: { include: ['tests/**/*.bench.ts'] },
    reporters: ['default', './tests/support/countReporter.ts'],
    // Replayed games and networks take their time on a busy machine; no test asserts on it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What tests find out about this machine is none of the user's.
    env: { XDG_CACHE_HOME: join(tmpdir(), 'hane-tests') },
    // The network's own threads need a core too.
    maxWorkers: 2,
  },
});
