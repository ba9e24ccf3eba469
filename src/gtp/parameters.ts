/** Settings by the names they have on the wire; those that KataGo has are called as there. */
import { RESIGN_BELOW } from '../../engine/resign.ts';
import { withParameters, type SearchParameters } from '../../engine/search/params.ts';
import { BYTES_PER_MB, LIVE_GRAPHICS, MOST_TREE_MB, SEARCH_STRENGTH, type Settings } from './settings.ts';

export interface Parameter {
  readonly name: string;
  /** What a dialog offers; any text by default. */
  readonly choices?: readonly string[];
  readonly get: (settings: Settings) => string;
  /** @throws RangeError saying what is allowed */
  readonly set: (settings: Settings, text: string) => void;
}

/** No limit, as KataGo writes it. */
const UNLIMITED = 2 ** 50;
const UNLIMITED_TIME = 1e20;

const readNumber = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new RangeError(`${name} must be a number from ${least} to ${most}`);
  return value;
};

const readWhole = (name: string, text: string, least: number, most: number): number => {
  const value = readNumber(name, text, least, most);
  if (!Number.isInteger(value))
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}`);
  return value;
};

/** What KataGo has and this engine does not use: asked for by GUIs, and fixed at its neutral value. */
const neutral = (name: string, value: string): Parameter => ({
  name,
  get: () => value,
  set: (_, text) => {
    if (Number(text) !== Number(value)) throw new RangeError(`${name} is always ${value} here`);
  },
});

const flag = (
  name: string,
  get: (settings: Settings) => boolean,
  set: (settings: Settings, isOn: boolean) => void,
): Parameter => ({
  name,
  choices: ['true', 'false'],
  get: settings => String(get(settings)),
  set: (settings, text) => {
    if (text !== 'true' && text !== 'false') throw new RangeError(`${name} must be true or false`);
    set(settings, text === 'true');
  },
});

const count = (name: 'maxVisits' | 'maxPlayouts'): Parameter => ({
  name,
  get: settings => String(settings[name] ?? UNLIMITED),
  set: (settings, text) => {
    const value = readWhole(name, text, 1, UNLIMITED);
    settings[name] = value === UNLIMITED ? undefined : value;
  },
});

/** @param name on the wire; @param key of the search's parameter, which says itself what is allowed */
const searched = (name: string, key: keyof SearchParameters): Parameter => ({
  name,
  get: ({ search }) => String(search[key]),
  set: (settings, text) => {
    const value = readNumber(name, text, -Number.MAX_VALUE, Number.MAX_VALUE);
    try {
      settings.search = withParameters(settings.search, { [key]: value });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(error.message.replace(key, name), { cause: error });
    }
  },
});

export const PARAMETERS: readonly Parameter[] = [
  count('maxVisits'),
  count('maxPlayouts'),
  {
    name: 'maxTime',
    get: ({ maxTime }) => String(maxTime ?? UNLIMITED_TIME),
    set: (settings, text) => {
      const value = readNumber('maxTime', text, 0, UNLIMITED_TIME);
      settings.maxTime = value === UNLIMITED_TIME ? undefined : value;
    },
  },
  {
    name: 'lagBuffer',
    get: ({ lagBuffer }) => String(lagBuffer),
    set: (settings, text) => (settings.lagBuffer = readNumber('lagBuffer', text, 0, 60)),
  },
  flag(
    'ponderingEnabled',
    ({ pondering }) => pondering,
    (settings, isOn) => (settings.pondering = isOn),
  ),
  flag(
    'allowResignation',
    ({ resignBelow }) => resignBelow > 0,
    (settings, isOn) => (settings.resignBelow = isOn ? settings.resignBelow || RESIGN_BELOW : 0),
  ),
  {
    name: 'resignBelow',
    get: ({ resignBelow }) => String(resignBelow),
    set: (settings, text) => (settings.resignBelow = readNumber('resignBelow', text, 0, 0.5)),
  },
  {
    name: 'strength',
    get: ({ strength }) => String(strength),
    set: (settings, text) => {
      settings.strength = readWhole('strength', text, 1, SEARCH_STRENGTH);
      settings.temperature = undefined;
    },
  },
  {
    name: 'temperature',
    get: ({ temperature }) => String(temperature ?? 'by strength'),
    set: (settings, text) => (settings.temperature = readNumber('temperature', text, 0, 100)),
  },
  flag(
    'policyOnly',
    ({ policyOnly }) => policyOnly,
    (settings, isOn) => (settings.policyOnly = isOn),
  ),
  {
    name: 'symmetries',
    choices: ['1', '8'],
    get: ({ symmetries }) => String(symmetries),
    set: (settings, text) => {
      if (text !== '1' && text !== '8') throw new RangeError('symmetries must be 1 or 8');
      settings.symmetries = text === '1' ? 1 : 8;
    },
  },
  searched('cpuctExploration', 'cPuct'),
  searched('cpuctExplorationLog', 'cPuctLog'),
  searched('cpuctExplorationBase', 'cPuctBase'),
  searched('fpuReductionMax', 'fpuReduction'),
  searched('rootFpuReductionMax', 'rootFpuReduction'),
  searched('numVirtualLossesPerThread', 'virtualLoss'),
  searched('nnPolicyTemperature', 'policyTemperature'),
  searched('lambda', 'lambda'),
  searched('rootDirichletNoiseWeight', 'rootNoise'),
  {
    name: 'maxTreeMb',
    get: ({ search }) => String(search.maxTreeBytes / BYTES_PER_MB),
    set: (settings, text) => {
      const maxTreeBytes = readWhole('maxTreeMb', text, 1, MOST_TREE_MB) * BYTES_PER_MB;
      settings.search = withParameters(settings.search, { maxTreeBytes });
    },
  },
  {
    name: 'liveGraphics',
    choices: LIVE_GRAPHICS,
    get: ({ liveGraphics }) => liveGraphics,
    set: (settings, text) => {
      const value = LIVE_GRAPHICS.find(known => known === text);
      if (!value) throw new RangeError(`liveGraphics must be one of ${LIVE_GRAPHICS.join(', ')}`);
      settings.liveGraphics = value;
    },
  },
  neutral('numSearchThreads', '1'),
  neutral('playoutDoublingAdvantage', '0.0'),
  neutral('analysisWideRootNoise', '0.0'),
];

/** @returns undefined if there is none of this name */
export const findParameter = (name: string): Parameter | undefined =>
  PARAMETERS.find(parameter => parameter.name === name);

/**
 * Leela Zero's options, by their names in small letters: the parameter and its value, or nothing for those that have no
 * meaning here.
 * @returns undefined if there is no such option
 */
export const readLzOption = (
  name: string,
  value: string,
): { readonly parameter?: string; readonly value?: string } | undefined => {
  const orUnlimited = (text: string): string => (Number(text) === 0 ? String(UNLIMITED) : text);
  switch (name.toLowerCase()) {
    case 'visits':
      return { parameter: 'maxVisits', value: orUnlimited(value) };
    case 'playouts':
      return { parameter: 'maxPlayouts', value: orUnlimited(value) };
    case 'lagbuffer':
      // Centiseconds.
      return { parameter: 'lagBuffer', value: String(Number(value) / 100) };
    case 'pondering':
      return { parameter: 'ponderingEnabled', value: value.toLowerCase() };
    case 'resign percentage':
      return { parameter: 'resignBelow', value: String(Number(value) / 100) };
    default:
      if (/^maximum memory use/i.test(name)) return { parameter: 'maxTreeMb', value };
      return /^percentage of memory/i.test(name) ? {} : undefined;
  }
};
