/** Options from a file: JSON with the long names of the command's options, without their dashes. The command line wins. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command, type Option } from 'commander';
import { UserError } from './errors.ts';

/** @throws UserError naming the file, the key and what is allowed */
export const applyConfig = (command: Command, path: string): void => {
  for (const [key, value] of Object.entries(readObject(path))) {
    const options = command.options.filter(option => option.long !== '--config');
    const option = options.find(known => known.long === `--${key}` || known.long === `--no-${key}`);
    if (!option)
      throw new UserError(
        `${path}: unknown option "${key}": one of ${options.map(known => known.long!.replace(/^--(no-)?/, '')).join(', ')}`,
      );
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === 'cli') continue;
    command.setOptionValueWithSource(name, readValue(path, key, option, value), 'config');
  }
};

const readObject = (path: string): Record<string, unknown> => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new UserError(`${path} must hold an object: {"option": value, ...}`);
  return values as Record<string, unknown>;
};

const readValue = (path: string, key: string, option: Option, value: unknown): unknown => {
  if (!option.required && !option.optional) {
    if (typeof value !== 'boolean') throw new UserError(`${path}: "${key}" must be true or false`);
    return value;
  }
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new UserError(`${path}: "${key}" must be a text or a number`);
  try {
    return option.parseArg ? option.parseArg(String(value), undefined) : String(value);
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw new UserError(`${path}: "${key}": ${JSON.stringify(value)} is invalid: it ${error.message}`, {
        cause: error,
      });
    throw error;
  }
};
