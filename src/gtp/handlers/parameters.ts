/** Settings by name: KataGo's parameters, Leela Zero's options, GoGui's dialog. */
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import { PARAMETERS, findParameter, readLzOption, type Parameter } from '../parameters.ts';
import type { Settings } from '../settings.ts';
import type { Handler } from './handler.ts';

const find = (name: string | undefined): Parameter => {
  if (name === undefined) throw new GtpError('syntax error');
  const parameter = findParameter(name);
  if (!parameter)
    throw new GtpError(
      `unknown parameter ${JSON.stringify(name.slice(0, 40))}: one of ${PARAMETERS.map(known => known.name).join(', ')}`,
    );
  return parameter;
};

const change = ({ settings }: GtpEngine, name: string | undefined, text: string): void => {
  const parameter = find(name);
  try {
    parameter.set(settings, text);
  } catch (error) {
    if (error instanceof RangeError) throw new GtpError(error.message);
    throw error;
  }
};

const readJson = (text: string): Record<string, unknown> => {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values))
      return values as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new GtpError('not a JSON object');
};

/** A line of GoGui's dialog: the type, the name, the value. Its check boxes are 0 and 1. */
const makeDialogLine = ({ name, choices, get }: Parameter, settings: Settings): string => {
  const text = get(settings);
  if (choices?.[0] === 'true') return `[bool] ${name} ${text === 'true' ? '1' : '0'}`;
  return `[${choices ? `list/${choices.join('/')}` : 'string'}] ${name} ${text}`;
};

/** GoGui's check boxes send 0 and 1. */
const fromDialog = (name: string, text: string): string =>
  findParameter(name)?.choices?.[0] === 'true' && (text === '0' || text === '1')
    ? String(text === '1')
    : text;

export const parameterHandlers: Record<string, Handler> = {
  'kata-list-params': () => PARAMETERS.map(({ name }) => name).join(' '),
  'kata-get-param': ({ engine }, [name]) => find(name).get(engine.settings),
  'kata-get-params': ({ engine }) =>
    JSON.stringify(Object.fromEntries(PARAMETERS.map(({ name, get }) => [name, get(engine.settings)]))),
  'kata-set-param': ({ engine }, [name, ...value]) => change(engine, name, value.join(' ')),
  'kata-set-params': ({ engine }, args) => {
    const before = { ...engine.settings };
    try {
      for (const [name, value] of Object.entries(readJson(args.join(' '))))
        change(engine, name, String(value));
    } catch (error) {
      Object.assign(engine.settings, before);
      throw error;
    }
  },
  /** `lz-setoption name X value Y` */
  'lz-setoption': ({ engine }, args) => {
    const match = /^name (.+?) value (.+)$/.exec(args.join(' '));
    if (!match) throw new GtpError('syntax error');
    const [, name, text] = match;
    const option = readLzOption(name, text);
    if (!option) throw new GtpError(`unknown option ${JSON.stringify(name.slice(0, 40))}`);
    if (option.parameter !== undefined) change(engine, option.parameter, option.value ?? '');
  },
  /** Without arguments all settings as GoGui's dialog shows them; with a name and a value sets one. */
  'hane-param': ({ engine }, [name, ...value]) => {
    if (name !== undefined) {
      change(engine, name, fromDialog(name, value.join(' ')));
      return undefined;
    }
    const { settings } = engine;
    return PARAMETERS.map(parameter => makeDialogLine(parameter, settings)).join('\n');
  },
};
