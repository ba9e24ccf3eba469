/** Settings by name: KataGo's parameters, Leela Zero's options, GoGui's dialog. */
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import { PARAMETERS, type Parameter } from '../settings.ts';
import type { Handler } from './handler.ts';

const find = (name: string | undefined): Parameter => {
  if (name === undefined) throw new GtpError('syntax error');
  const parameter = PARAMETERS.find(candidate => candidate.name === name);
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
  /** `lz-setoption name X value Y`. What has no meaning here (visits, memory, lag) is taken and has no effect. */
  'lz-setoption': ({ engine }, args) => {
    const match = /^name (.+?) value (.+)$/.exec(args.join(' '));
    if (!match) throw new GtpError('syntax error');
    const [, name, value] = match;
    if (/^resign percentage$/i.test(name)) change(engine, 'resignBelow', String(Number(value) / 100));
    else if (
      !/^(visits|playouts|lagbuffer|pondering|maximum memory use.*|percentage of memory.*)$/i.test(name)
    )
      throw new GtpError(`unknown option ${JSON.stringify(name.slice(0, 40))}`);
  },
  /** Without arguments all settings as GoGui's dialog shows them; with a name and a value sets one. */
  'hane-param': ({ engine }, [name, ...value]) => {
    if (name !== undefined) {
      change(engine, name, value.join(' '));
      return undefined;
    }
    const { settings } = engine;
    return PARAMETERS.map(parameter => {
      const text = parameter.get(settings);
      const type =
        parameter.name === 'allowResignation'
          ? '[bool]'
          : parameter.name === 'symmetries'
            ? '[list/1/8]'
            : '[string]';
      const shown = type === '[bool]' ? (text === 'true' ? '1' : '0') : text;
      return `${type} ${parameter.name} ${shown}`;
    }).join('\n');
  },
};
