/** What a new game can be, in the words of the dialog, and as the server wants it. */
import {
  BOARD_SIZES,
  FULL_SIZE,
  LEVELS,
  SEARCH_LEVEL,
  THINKING_SECONDS,
  type BoardSize,
  type Level,
  type Seat,
  type ThinkingSeconds,
} from '../../server/protocol/board.ts';
import type { NewGame } from '../../server/protocol/messages.ts';

/** Who plays: the visitor one color, both, or hane against itself. */
export const SIDES = ['black', 'white', 'both', 'watch'] as const;
export type Side = (typeof SIDES)[number];

export const RULE_NAMES = {
  chinese: 'Chinese',
  japanese: 'Japanese',
  aga: 'AGA',
  'tromp-taylor': 'Tromp-Taylor',
} as const satisfies Record<NewGame['rules'], string>;

/** The form of the dialog. */
export interface Choices {
  readonly side: Side;
  /** hane's; of Black where it plays both. */
  readonly level: Level;
  /** Of White, where hane plays both. */
  readonly whiteLevel: Level;
  readonly seconds: ThinkingSeconds;
  readonly size: BoardSize;
  readonly komi: number;
  readonly handicap: number;
  readonly rules: NewGame['rules'];
}

/** What a visitor finds without asking: hane as strong as it is, soon enough answering. */
export const FIRST_CHOICES: Choices = {
  side: 'black',
  level: SEARCH_LEVEL,
  whiteLevel: SEARCH_LEVEL,
  seconds: 1,
  size: FULL_SIZE,
  komi: 7.5,
  handicap: 0,
  rules: 'chinese',
};

/** What each level is, as far as it was measured (README): games of 20 against GNU Go 3.8, of 50 and 100 against the next lower. */
export const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  1: 'Plays shapes it has seen, in no order. For your first games.',
  2: 'Beats level 1 nine times in ten, and still leaves its stones to die.',
  3: 'A beginner who knows good moves but does not choose them.',
  4: 'Loses every game to GNU Go at its weakest.',
  5: 'Wins about one game in seven against GNU Go at its weakest.',
  6: 'About even with GNU Go at its weakest.',
  7: 'A little ahead of GNU Go at its weakest.',
  8: 'Picks among the few moves it likes best; beats level 7 nine times in ten.',
  9: 'The move the network likes best, at once: 19 of 20 against GNU Go at its strongest.',
  10: 'Reads ahead with a search: the strongest. Won all of 100 games against level 9.',
};

/** Komi that goes with a number of handicap stones and rules. */
export const usualKomi = (handicap: number, rules: NewGame['rules']): number =>
  handicap > 0 ? 0.5 : rules === 'japanese' ? 6.5 : 7.5;

export const SMALLEST_KOMI = -150;
export const LARGEST_KOMI = 150;

/** The game as the server wants it. */
export const makeNewGame = (choices: Choices): NewGame => {
  const { side, level, whiteLevel, seconds, size, komi, handicap, rules } = choices;
  const seats: Readonly<Record<Side, readonly [Seat, Seat]>> = {
    black: ['human', level],
    white: [level, 'human'],
    both: ['human', 'human'],
    watch: [level, whiteLevel],
  };
  const [black, white] = seats[side];
  return { size, komi, rules, handicap, black, white, seconds };
};

/** Choices kept from before, made whole: what is missing or no longer offered is as at first. */
export const parseChoices = (value: unknown): Choices => {
  const kept = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const pick = <Value>(name: keyof Choices, offered: readonly Value[], otherwise: Value): Value =>
    offered.find(each => each === kept[name]) ?? otherwise;
  const { komi } = kept;
  return {
    side: pick('side', SIDES, FIRST_CHOICES.side),
    level: pick('level', LEVELS, FIRST_CHOICES.level),
    whiteLevel: pick('whiteLevel', LEVELS, FIRST_CHOICES.whiteLevel),
    seconds: pick('seconds', THINKING_SECONDS, FIRST_CHOICES.seconds),
    size: pick('size', BOARD_SIZES, FIRST_CHOICES.size),
    komi: typeof komi === 'number' && isKomi(komi) ? komi : FIRST_CHOICES.komi,
    handicap: pick('handicap', [0, 2, 3, 4, 5, 6, 7, 8, 9], FIRST_CHOICES.handicap),
    rules: pick('rules', Object.keys(RULE_NAMES) as NewGame['rules'][], FIRST_CHOICES.rules),
  };
};

/** Whether komi is one that a new game takes: whole or half points. */
export const isKomi = (komi: number): boolean =>
  Number.isInteger(komi * 2) && komi >= SMALLEST_KOMI && komi <= LARGEST_KOMI;
