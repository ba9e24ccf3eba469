/** What options and parameters change about the player, in one place. */
import { RESIGN_BELOW } from '../../engine/resign.ts';
import { LAG_SECONDS } from '../../engine/search/clock.ts';
import { DEFAULT_PARAMETERS, type SearchParameters } from '../../engine/search/params.ts';
import { FULL_STRENGTH } from '../../engine/strength.ts';
import type { SymmetryCount } from '../inference/evaluate.ts';

/** The highest strength: the search. Those below are the bare policy's (engine/strength.ts). */
export const SEARCH_STRENGTH: number = FULL_STRENGTH + 1;

/** Memory is told in MiB. */
export const BYTES_PER_MB: number = 2 ** 20;

/** Most MiB of a tree: its arrays are numbered with 32 bits. */
export const MOST_TREE_MB: number = 2 ** 16;

/** What GoGui is to draw while a move is thought about. */
export const LIVE_GRAPHICS = ['none', 'line', 'winrates', 'ownership'] as const;
export type LiveGraphics = (typeof LIVE_GRAPHICS)[number];

export interface Settings {
  /** Win rate below which the engine resigns; 0 never. */
  resignBelow: number;
  /** 1 to {@link SEARCH_STRENGTH}. */
  strength: number;
  /** Draws moves from the priors instead of by strength: 1 as they are, lower is sharper. */
  temperature: number | undefined;
  /** Views of the board that an evaluation of the bare policy takes the mean of. */
  symmetries: SymmetryCount;
  /** Whether nothing is searched at all, in analysis neither. */
  policyOnly: boolean;
  /** Limits of a move, whichever comes first; undefined is none. Visits count those of a kept tree, playouts do not. */
  maxVisits: number | undefined;
  maxPlayouts: number | undefined;
  /** Seconds. */
  maxTime: number | undefined;
  /** Seconds kept back of every move on a clock, for the way to the controller. */
  lagBuffer: number;
  /** Whether to think on while the opponent does. */
  pondering: boolean;
  liveGraphics: LiveGraphics;
  /** Never changed in place. */
  search: SearchParameters;
}

export const defaultSettings = (): Settings => ({
  resignBelow: RESIGN_BELOW,
  strength: SEARCH_STRENGTH,
  temperature: undefined,
  symmetries: 1,
  policyOnly: false,
  maxVisits: undefined,
  maxPlayouts: undefined,
  maxTime: undefined,
  lagBuffer: LAG_SECONDS,
  pondering: false,
  liveGraphics: 'none',
  search: DEFAULT_PARAMETERS,
});

/** Whether moves come from the search; else from the bare policy. */
export const usesSearch = ({ strength, temperature, policyOnly }: Settings): boolean =>
  strength === SEARCH_STRENGTH && temperature === undefined && !policyOnly;
