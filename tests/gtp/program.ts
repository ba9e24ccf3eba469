/** How the tests start `hane gtp`: from its sources, so that nothing has to be built first. */
import { join } from 'node:path';
import { packageRoot } from '../../src/packageRoot.ts';

/** Arguments of node; vitest runs in the root of the repository, where tsx is found. */
export const gtpArguments = (...options: string[]): string[] => [
  '--import',
  'tsx',
  join(packageRoot, 'src', 'cli', 'main.ts'),
  'gtp',
  ...options,
];
