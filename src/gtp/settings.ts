/** What options, parameters and Leela Zero's `lz-setoption` change about the player, in one place. */
import { RESIGN_BELOW } from '../../engine/resign.ts';
import { FULL_STRENGTH } from '../../engine/strength.ts';

export interface Settings {
  /** Win rate below which the engine resigns; 0 never. */
  resignBelow: number;
  /** 1 to {@link FULL_STRENGTH}. */
  strength: number;
  /** Draws moves from the priors instead of by strength: 1 as they are, lower is sharper. */
  temperature: number | undefined;
  /** Views of the board that an evaluation takes the mean of. */
  symmetries: 1 | 8;
}

export const defaultSettings = (): Settings => ({
  resignBelow: RESIGN_BELOW,
  strength: FULL_STRENGTH,
  temperature: undefined,
  symmetries: 1,
});

/** A setting by its name on the wire. */
export interface Parameter {
  readonly name: string;
  readonly get: (settings: Settings) => string;
  /** @throws RangeError saying what is allowed */
  readonly set: (settings: Settings, text: string) => void;
}

const readNumber = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new RangeError(`${name} must be a number from ${least} to ${most}`);
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

export const PARAMETERS: readonly Parameter[] = [
  {
    name: 'allowResignation',
    get: ({ resignBelow }) => String(resignBelow > 0),
    set: (settings, text) => {
      if (text !== 'true' && text !== 'false') throw new RangeError('allowResignation must be true or false');
      settings.resignBelow = text === 'false' ? 0 : settings.resignBelow || RESIGN_BELOW;
    },
  },
  {
    name: 'resignBelow',
    get: ({ resignBelow }) => String(resignBelow),
    set: (settings, text) => (settings.resignBelow = readNumber('resignBelow', text, 0, 0.5)),
  },
  {
    name: 'strength',
    get: ({ strength }) => String(strength),
    set: (settings, text) => {
      const level = readNumber('strength', text, 1, FULL_STRENGTH);
      if (!Number.isInteger(level))
        throw new RangeError(`strength must be a whole number from 1 to ${FULL_STRENGTH}`);
      settings.strength = level;
      settings.temperature = undefined;
    },
  },
  {
    name: 'temperature',
    get: ({ temperature }) => String(temperature ?? 'by strength'),
    set: (settings, text) => (settings.temperature = readNumber('temperature', text, 0, 100)),
  },
  {
    name: 'symmetries',
    get: ({ symmetries }) => String(symmetries),
    set: (settings, text) => {
      if (text !== '1' && text !== '8') throw new RangeError('symmetries must be 1 or 8');
      settings.symmetries = text === '1' ? 1 : 8;
    },
  },
  neutral('playoutDoublingAdvantage', '0.0'),
  neutral('analysisWideRootNoise', '0.0'),
];
