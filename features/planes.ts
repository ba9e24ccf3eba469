/**
 * The 48 input planes of AlphaGo's policy network: their order and meaning.
 * Source: Silver et al., "Mastering the game of Go with deep neural networks and tree search", Nature 529 (2016), Extended
 * Data Table 2. Where the paper leaves a meaning open, the choice written here is the rule. encode.ts fills them.
 */

/** A run of planes that answer one question. */
export interface PlaneGroup {
  readonly name: string;
  /** Index of its first plane. */
  readonly first: number;
  /** Number of its planes. */
  readonly planes: number;
  /** What a 1 at a point means; `n` stands for the number in {@link describePlane}. */
  readonly meaning: string;
}

export const OWN = 0;
export const OPPONENT = 1;
export const VACANT = 2;
export const ONES = 3;
export const TURNS_SINCE = 4;
export const LIBERTIES = 12;
export const CAPTURE_SIZE = 20;
export const SELF_ATARI_SIZE = 28;
export const LIBERTIES_AFTER = 36;
export const LADDER_CAPTURE = 44;
export const LADDER_ESCAPE = 45;
export const SENSIBLENESS = 46;
export const ZEROS = 47;
/** Only a value network has it. */
export const COLOR = 48;

/** Planes of a policy network. */
export const PLANES = 48;
/** Planes of a value network. */
export const VALUE_PLANES = 49;
/** Zero points on each side of the board in a plane. */
export const PADDING = 2;
/** Planes of a one-hot count: one, two, ... seven, eight and more. */
export const COUNTS = 8;

export const PLANE_GROUPS: readonly PlaneGroup[] = [
  { name: 'own', first: OWN, planes: 1, meaning: 'a stone of the player to move' },
  { name: 'opponent', first: OPPONENT, planes: 1, meaning: 'a stone of the opponent' },
  { name: 'empty', first: VACANT, planes: 1, meaning: 'no stone' },
  { name: 'ones', first: ONES, planes: 1, meaning: 'every point of the board: shows the network the edge' },
  { name: 'turns since', first: TURNS_SINCE, planes: COUNTS, meaning: 'a stone played n moves ago' },
  { name: 'liberties', first: LIBERTIES, planes: COUNTS, meaning: 'a stone whose chain has n liberties' },
  {
    name: 'capture size',
    first: CAPTURE_SIZE,
    planes: COUNTS,
    meaning: 'a legal move that captures n stones',
  },
  {
    name: 'self-atari size',
    first: SELF_ATARI_SIZE,
    planes: COUNTS,
    meaning: 'a legal move that leaves its own chain of n stones in atari',
  },
  {
    name: 'liberties after',
    first: LIBERTIES_AFTER,
    planes: COUNTS,
    meaning: 'a legal move after which its chain has n liberties',
  },
  {
    name: 'ladder capture',
    first: LADDER_CAPTURE,
    planes: 1,
    meaning: 'a move that captures a chain in a ladder',
  },
  {
    name: 'ladder escape',
    first: LADDER_ESCAPE,
    planes: 1,
    meaning: 'a move that saves an own chain from a ladder',
  },
  {
    name: 'sensibleness',
    first: SENSIBLENESS,
    planes: 1,
    meaning: 'a legal move that does not fill an own true eye',
  },
  { name: 'zeros', first: ZEROS, planes: 1, meaning: 'nothing: always zero' },
];

/** The group a plane belongs to. @throws RangeError unless `plane` is from 0 to 47 */
export const groupOf = (plane: number): PlaneGroup => {
  const group = PLANE_GROUPS.find(({ first, planes }) => plane >= first && plane < first + planes);
  if (!group) throw new RangeError(`plane ${plane}: must be a whole number from 0 to ${PLANES - 1}`);
  return group;
};

/** Short name of a plane, e.g. "liberties 3" or "turns since 8+". */
export const planeName = (plane: number): string => {
  const group = groupOf(plane);
  return group.planes === 1 ? group.name : `${group.name} ${countName(plane)}`;
};

/** What a 1 in a plane means, e.g. "a stone whose chain has 3 liberties". */
export const describePlane = (plane: number): string => {
  const group = groupOf(plane);
  if (group.planes === 1) return group.meaning;
  const count = countName(plane).replace('+', ' or more');
  const text = group.meaning.replace(/\bn\b/, count);
  return count === '1'
    ? text.replace('liberties', 'liberty').replace('stones', 'stone').replace('moves ago', 'move ago')
    : text;
};

/** "1".."7", "8+"; captures count from 0 to "7+". */
const countName = (plane: number): string => {
  const { first, planes } = groupOf(plane);
  const smallest = first === CAPTURE_SIZE ? 0 : 1;
  const count = plane - first + smallest;
  return plane === first + planes - 1 ? `${count}+` : `${count}`;
};
