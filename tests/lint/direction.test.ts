/** The lint settings on made-up files: which imports and habits they refuse, and which they let pass. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const OXLINT = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint');
const repositoryFile = (name: string): URL => new URL(`../../${name}`, import.meta.url);

const IMPORTS = 'eslint(no-restricted-imports)';

/** [file, import it makes]: against the direction, or of a package outside its one home. */
const REFUSED = [
  ['engine/a.ts', 'node:fs'],
  ['engine/a.ts', 'commander'],
  ['engine/a.ts', '../features/planes.ts'],
  ['engine/a.ts', '../src/sgf/parse.ts'],
  ['engine/search/a.ts', '../../features/planes.ts'],
  ['features/a.ts', 'node:path'],
  ['features/a.ts', 'fflate'],
  ['features/a.ts', '../src/inference/open.ts'],
  ['src/errors.ts', './cli/main.ts'],
  ['src/errors.ts', './sgf/parse.ts'],
  ['src/index.ts', './cli/main.ts'],
  ['src/sgf/a.ts', '../gtp/loop.ts'],
  ['src/sgf/a.ts', '../draw/svg.ts'],
  ['src/draw/a.ts', '../inference/open.ts'],
  ['src/models/a.ts', '../inference/open.ts'],
  ['src/inference/a.ts', '../cli/errors.ts'],
  ['src/inference/deep/a.ts', '../../match/run.ts'],
  ['src/inference/a.ts', '../search/searchThread.ts'],
  ['src/search/a.ts', '../gtp/loop.ts'],
  ['src/search/a.ts', 'onnxruntime-node'],
  ['src/training/a.ts', '../match/run.ts'],
  ['src/gtp/a.ts', '../server/session.ts'],
  ['src/gtp/a.ts', '../cli/errors.ts'],
  ['src/gtp/a.ts', '../analysis/engine.ts'],
  ['src/analysis/a.ts', '../match/run.ts'],
  ['src/draw/a.ts', '../analysis/engine.ts'],
  ['src/match/a.ts', '../server/session.ts'],
  ['src/server/a.ts', '../cli/errors.ts'],
  ['src/cli/a.ts', '../web/main.ts'],
  ['src/web/a.ts', 'node:fs'],
  ['src/web/a.ts', '../inference/open.ts'],
  ['src/web/a.ts', '../server/session.ts'],
  ['src/web/a.ts', '../draw/png.ts'],
  ['src/web/a.ts', 'ws'],
  ['src/gtp/a.ts', 'ws'],
  ['src/server/a.ts', 'preact'],
  ['src/gtp/a.ts', '@sabaki/sgf'],
  ['src/match/a.ts', 'onnxruntime-node'],
  ['src/cli/a.ts', '@resvg/resvg-js'],
  ['src/inference/a.ts', 'commander'],
  ['src/inference/a.ts', '@tensorflow/tfjs-core'],
  ['src/training/a.ts', '@tensorflow/tfjs-layers'],
  ['src/training/a.ts', 'onnxruntime-web'],
  ['src/training/tf/a.ts', 'onnxruntime-node'],
  ['src/training/tf/a.ts', '../../match/run.ts'],
  ['src/models/a.ts', '../search/searchThread.ts'],
  ['src/match/a.ts', '../training/labels.ts'],
  ['src/onnx/a.ts', '../models/spec.ts'],
  ['src/gtp/a.ts', 'vitest'],
  ['src/sgf/a.ts', '../../tests/support/shared.ts'],
  ['src/cli/a.ts', '../../weights/manifest.json'],
] as const;

const ALLOWED = [
  ['src/server/a.ts', 'ws'],
  ['src/server/a.ts', '../gtp/searchPlayer.ts'],
  ['src/web/a.ts', 'preact'],
  ['src/web/a.ts', '../draw/heat.ts'],
  ['src/web/a.ts', '../server/protocol/board.ts'],
  ['engine/a.ts', './board.ts'],
  ['engine/search/a.ts', '../board.ts'],
  ['features/a.ts', '../engine/board.ts'],
  ['src/sgf/a.ts', '@sabaki/sgf'],
  ['src/sgf/a.ts', 'node:fs'],
  ['src/draw/a.ts', '@resvg/resvg-js'],
  ['src/models/a.ts', '@tensorflow/tfjs-core'],
  ['src/training/a.ts', 'onnxruntime-node'],
  ['src/training/a.ts', '../search/searchThread.ts'],
  ['src/training/tf/a.ts', '@tensorflow/tfjs-core'],
  ['src/training/tf/a.ts', '../batch.ts'],
  ['src/inference/a.ts', 'onnxruntime-node'],
  ['src/inference/a.ts', '../../features/encode.ts'],
  ['src/search/a.ts', '../inference/open.ts'],
  ['src/search/a.ts', '../../engine/search/search.ts'],
  ['src/gtp/a.ts', '../search/searchThread.ts'],
  ['src/gtp/a.ts', '../sgf/parse.ts'],
  ['src/gtp/a.ts', '../draw/text.ts'],
  ['src/match/a.ts', '../gtp/client.ts'],
  ['src/analysis/a.ts', '../gtp/lineReader.ts'],
  ['src/analysis/a.ts', '../search/searchThread.ts'],
  ['src/web/a.ts', '../server/protocol.ts'],
  ['src/web/a.ts', '../../engine/board.ts'],
  ['src/cli/a.ts', 'commander'],
  ['src/cli/a.ts', '../gtp/loop.ts'],
  ['src/cli/a.ts', '../../engine/game.ts'],
  ['tests/sgf/a.test.ts', '@sabaki/sgf'],
] as const;

/** [what, file, rule, text]. */
const HABITS = [
  ['a dynamic import', 'engine/h1.ts', IMPORTS, "export const os = import('node:os');"],
  ['an import for its effect', 'engine/h2.ts', IMPORTS, "import '../src/cli/main.ts';"],
  ['a re-export', 'features/h3.ts', IMPORTS, "export * from '../src/sgf/parse.ts';"],
  ['a type import', 'engine/h4.ts', IMPORTS, "export type { Stats } from 'node:fs';"],
  ['the clock', 'engine/h5.ts', 'eslint(no-restricted-globals)', 'export const now = Date.now();'],
  ['the process', 'features/h6.ts', 'eslint(no-restricted-globals)', 'export const { env } = process;'],
  ['unseeded chance', 'engine/h7.ts', 'eslint(no-restricted-properties)', 'export const r = Math.random();'],
  ['any', 'src/sgf/h8.ts', 'typescript(no-explicit-any)', 'export const x: any = 1;'],
  ['@ts-ignore', 'src/sgf/h9.ts', 'typescript(ban-ts-comment)', '// @ts-ignore\nexport const x = 1;'],
  [
    'a forgotten await',
    'src/gtp/h10.ts',
    'typescript(no-floating-promises)',
    'export const f = () => {\n  Promise.resolve(1);\n};',
  ],
  ['a cycle', 'src/gtp/c1.ts', 'import(no-cycle)', "import { d } from './c2.ts';\nexport const c = () => d;"],
  ['a long file', 'src/gtp/h11.ts', 'eslint(max-lines)', 'export const x = 1;\n' + '//\n'.repeat(500)],
] as const;

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

describe('the lint settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hane-lint-'));
  let found: ReadonlyMap<string, readonly string[]> = new Map();

  /** One file an import, so that every diagnostic can be told by its file. */
  const fileOf = (kind: string, index: number, file: string): string =>
    file.replace(/a(\.test)?\.ts$/, `${kind}${index}$1.ts`);

  const write = (file: string, text: string): void => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text + '\n');
  };

  beforeAll(() => {
    for (const name of ['.oxlintrc.json', 'tsconfig.json'])
      copyFileSync(repositoryFile(name), join(folder, name));
    // The type-aware rules look for their program and for Node's types here.
    symlinkSync(fileURLToPath(repositoryFile('node_modules')), join(folder, 'node_modules'), 'junction');
    REFUSED.forEach(([file, source], i) => write(fileOf('refused', i, file), `export * from '${source}';`));
    ALLOWED.forEach(([file, source], i) => write(fileOf('allowed', i, file), `export * from '${source}';`));
    for (const [, file, , text] of HABITS) write(file, text);
    write('src/gtp/c2.ts', "import { c } from './c1.ts';\nexport const d = () => c;");
    found = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(REFUSED.map(([file, source], i) => ({ file, source, i })))(
    'refuse $source in $file',
    ({ file, i }) => expect(found.get(fileOf('refused', i, file)) ?? []).toContain(IMPORTS),
  );

  test.each(ALLOWED.map(([file, source], i) => ({ file, source, i })))(
    'allow $source in $file',
    ({ file, i }) => expect(found.get(fileOf('allowed', i, file)) ?? []).toEqual([]),
  );

  test.each(HABITS.map(([what, file, rule]) => ({ what, file, rule })))(
    'refuse $what: $rule in $file',
    ({ file, rule }) => expect(found.get(file) ?? []).toContain(rule),
  );
});

/** Runs the linter in `folder`; the broken rules of every file, by its path with forward slashes. */
const lint = (folder: string): ReadonlyMap<string, readonly string[]> => {
  const args = [OXLINT, '--type-aware', '--format', 'json', 'engine', 'features', 'src', 'tests'];
  let output = '';
  try {
    output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    // The linter ends with 1 when it finds something, which is what these files are for.
    if (!(error instanceof Error && 'stdout' in error && typeof error.stdout === 'string')) throw error;
    output = error.stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly Diagnostic[] };
  const found = new Map<string, string[]>();
  for (const { code, filename } of diagnostics) {
    const file = filename.replaceAll('\\', '/');
    found.set(file, [...(found.get(file) ?? []), code]);
  }
  return found;
};
