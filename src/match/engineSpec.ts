/** Which engines play, as users name them: command lines in quotes, or a JSON file. */
import { readFileSync } from 'node:fs';

export interface EngineSpec {
  /** Unique within a match. */
  readonly name: string;
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** GTP commands sent after each start, e.g. to fix the visits. */
  readonly init: readonly string[];
}

/** A setting of a match that cannot be; the message says what is allowed. */
export class MatchError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MatchError';
  }
}

/** Splits like a shell does: blanks separate, single and double quotes keep together, a backslash takes the next character. */
export const splitCommand = (text: string): string[] => {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\' && quote !== "'" && i + 1 < text.length) word = (word ?? '') + text[++i];
    else if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') throw new MatchError(`a quote ${quote} is not closed in: ${text}`);
  if (word !== undefined) words.push(word);
  return words;
};

/**
 * Reads `NAME=COMMAND` or `COMMAND`; in the form `cmd=... name=... cwd=... init=a;b env.KEY=VALUE` each part may be quoted.
 * @throws MatchError if there is no command in it
 */
export const parseEngine = (text: string): EngineSpec => {
  const words = splitCommand(text);
  if (words.some(word => word.startsWith('cmd='))) return parseParts(words, text);
  const named = /^([\w.+-]+)=(.+)$/.exec(words[0] ?? '');
  const command = named ? [named[2], ...words.slice(1)] : words;
  if (command.length === 0) throw new MatchError('an engine needs a command');
  return { name: named?.[1] ?? command[0].split(/[\\/]/).at(-1)!, command, init: [] };
};

const parseParts = (words: readonly string[], text: string): EngineSpec => {
  const parts = new Map<string, string>();
  const env: Record<string, string> = {};
  for (const word of words) {
    const match = /^(cmd|name|cwd|init|env\.\w+)=(.*)$/s.exec(word);
    if (!match) throw new MatchError(`"${word}" in ${text}: one of cmd=, name=, cwd=, init=, env.KEY=`);
    if (match[1].startsWith('env.')) env[match[1].slice(4)] = match[2];
    else parts.set(match[1], match[2]);
  }
  const command = splitCommand(parts.get('cmd') ?? '');
  if (command.length === 0) throw new MatchError(`an engine needs a command: ${text}`);
  const cwd = parts.get('cwd');
  return {
    name: parts.get('name') ?? command[0].split(/[\\/]/).at(-1)!,
    command,
    ...(cwd === undefined ? {} : { cwd }),
    env,
    init: (parts.get('init') ?? '')
      .split(';')
      .map(line => line.trim())
      .filter(line => line !== ''),
  };
};

/** Reads a JSON list of engines: `{"name", "command": ["program", "argument"] or "program argument", "cwd", "env", "init"}`. */
export const readEngines = (path: string): EngineSpec[] => {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new MatchError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(list)) throw new MatchError(`${path} must hold a list of engines`);
  return list.map((entry: Partial<EngineSpec> & { command?: unknown }, i) => {
    const command =
      typeof entry?.command === 'string' ? splitCommand(entry.command) : (entry?.command as string[]);
    if (!Array.isArray(command) || command.length === 0)
      throw new MatchError(`${path}: engine ${i + 1} needs a "command"`);
    return { ...entry, name: entry.name ?? command[0], command, init: entry.init ?? [] };
  });
};

/** Gives engines of the same name numbers: results are kept by name. */
export const nameApart = (engines: readonly EngineSpec[]): EngineSpec[] => {
  const seen = new Map<string, number>();
  return engines.map(engine => {
    const count = (seen.get(engine.name) ?? 0) + 1;
    seen.set(engine.name, count);
    return count === 1 ? engine : { ...engine, name: `${engine.name}-${count}` };
  });
};
