/**
 * The 48 planes once more, slow and obvious: written from their definitions on plain two-dimensional arrays that are copied for
 * every move, with no code of the engine or the encoder. What it and the fast encoder agree on, neither got wrong alone.
 */

type Stone = '.' | 'X' | 'O';
type Player = 'X' | 'O';

interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface SlowPosition {
  /** [height][width] */
  readonly stones: readonly (readonly Stone[])[];
  /** Number of the move that placed each stone, counted from 1; undefined for set-up stones and empty points. [height][width] */
  readonly placed: readonly (readonly (number | undefined)[])[];
  /** Moves and passes so far. */
  readonly moves: number;
  /** Where a player may not play because a stone was just taken there. */
  readonly ko: (Spot & { readonly player: Player }) | undefined;
}

export interface SlowPlanes {
  /** [48][height][width] */
  readonly planes: readonly (readonly (readonly number[])[])[];
  /** Points `plane:x,y` of the ladder planes that took so many steps that the bound of the reading may decide. */
  readonly nearBound: ReadonlySet<string>;
}

/** A ladder of more steps than this is left to the fast reader, whose bound is 400 in an order of its own. */
const SURE_STEPS = 150;
const MOST_PLIES = 90;
const SIDES = [
  { x: 0, y: -1 },
  { x: -1, y: 0 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
];
const CORNERS = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: -1, y: 1 },
  { x: 1, y: 1 },
];

const other = (player: Player): Player => (player === 'X' ? 'O' : 'X');
const isSame = (a: Spot, b: Spot): boolean => a.x === b.x && a.y === b.y;
const isOn = (position: SlowPosition, { x, y }: Spot): boolean => position.stones[y]?.[x] !== undefined;
const stoneAt = (position: SlowPosition, { x, y }: Spot): Stone => position.stones[y][x];
const around = (position: SlowPosition, spot: Spot, steps: readonly Spot[]): Spot[] =>
  steps.map(step => ({ x: spot.x + step.x, y: spot.y + step.y })).filter(near => isOn(position, near));
const keyOf = ({ x, y }: Spot): string => `${x},${y}`;

/** The stones connected to the one at `spot`. */
const chainOf = (position: SlowPosition, spot: Spot): Spot[] => {
  const chain = new Map<string, Spot>();
  const walk = (stone: Spot): void => {
    if (stoneAt(position, stone) !== stoneAt(position, spot) || chain.has(keyOf(stone))) return;
    chain.set(keyOf(stone), stone);
    around(position, stone, SIDES).forEach(walk);
  };
  walk(spot);
  return [...chain.values()];
};

/** The distinct points beside the chain at `spot` that hold `what`. */
const besideChain = (position: SlowPosition, spot: Spot, what: Stone): Spot[] => {
  const found = new Map<string, Spot>();
  for (const stone of chainOf(position, spot)) {
    for (const near of around(position, stone, SIDES))
      if (stoneAt(position, near) === what) found.set(keyOf(near), near);
  }
  return [...found.values()];
};

const libertiesOf = (position: SlowPosition, spot: Spot): Spot[] => besideChain(position, spot, '.');

/** An empty position, or one with set-up stones. */
export const slowPosition = (rows: readonly string[]): SlowPosition => ({
  stones: rows.map(row => Array.from(row, stone => (stone === 'X' || stone === 'O' ? stone : '.'))),
  placed: rows.map(row => Array.from(row, () => undefined)),
  moves: 0,
  ko: undefined,
});

export const afterPass = (position: SlowPosition): SlowPosition => ({
  ...position,
  moves: position.moves + 1,
  ko: undefined,
});

/** The position after a move; undefined if it is illegal: occupied, suicide or ko. */
export const afterMove = (position: SlowPosition, spot: Spot, player: Player): SlowPosition | undefined => {
  const { ko } = position;
  if (stoneAt(position, spot) !== '.' || (ko && ko.player === player && isSame(ko, spot))) return undefined;
  const stones = position.stones.map(row => [...row]);
  const placed = position.placed.map(row => [...row]);
  const moves = position.moves + 1;
  const next = { stones, placed, moves, ko: undefined };
  stones[spot.y][spot.x] = player;
  placed[spot.y][spot.x] = moves;
  const captured: Spot[] = [];
  for (const near of around(next, spot, SIDES)) {
    if (stoneAt(next, near) !== other(player) || libertiesOf(next, near).length > 0) continue;
    for (const stone of chainOf(next, near)) {
      captured.push(stone);
      stones[stone.y][stone.x] = '.';
      placed[stone.y][stone.x] = undefined;
    }
  }
  const liberties = libertiesOf(next, spot);
  if (liberties.length === 0) return undefined;
  const isKo = captured.length === 1 && chainOf(next, spot).length === 1 && liberties.length === 1;
  return isKo ? { ...next, ko: { ...captured[0], player: other(player) } } : next;
};

const isTrueEye = (position: SlowPosition, spot: Spot, player: Player): boolean => {
  if (around(position, spot, SIDES).some(near => stoneAt(position, near) !== player)) return false;
  const corners = around(position, spot, CORNERS);
  const enemies = corners.filter(near => stoneAt(position, near) === other(player)).length;
  return enemies <= (corners.length === 4 ? 1 : 0);
};

/** Reads ladders to their end, and counts the positions it looks at. */
class SlowLadder {
  steps = 0;
  plies = 0;

  /** The attacker is to move. */
  isCapturedOnAttack(position: SlowPosition, prey: Spot, ply: number): boolean {
    this.count(ply);
    const attacker = other(stoneAt(position, prey) as Player);
    const liberties = libertiesOf(position, prey);
    if (liberties.length >= 3 || this.isTooLong) return false;
    if (liberties.length === 1) return true;
    return liberties.some(liberty => {
      const next = afterMove(position, liberty, attacker);
      return next !== undefined && this.isCapturedOnDefence(next, prey, ply + 1);
    });
  }

  /** The prey is to move. */
  isCapturedOnDefence(position: SlowPosition, prey: Spot, ply: number): boolean {
    this.count(ply);
    const defender = stoneAt(position, prey) as Player;
    if (libertiesOf(position, prey).length >= 2 || this.isTooLong) return false;
    return answersOf(position, prey).every(answer => {
      const next = afterMove(position, answer, defender);
      return next === undefined || this.isCapturedOnAttack(next, prey, ply + 1);
    });
  }

  get isTooLong(): boolean {
    return this.steps > SURE_STEPS || this.plies > MOST_PLIES;
  }

  private count(ply: number): void {
    this.steps++;
    this.plies = Math.max(this.plies, ply);
  }
}

/** What may save the chain at `prey` in atari: its last liberty, and the captures of chains beside it. */
const answersOf = (position: SlowPosition, prey: Spot): Spot[] => {
  const answers = libertiesOf(position, prey);
  for (const enemy of besideChain(position, prey, other(stoneAt(position, prey) as Player))) {
    const liberties = libertiesOf(position, enemy);
    if (liberties.length === 1 && !answers.some(known => isSame(known, liberties[0])))
      answers.push(liberties[0]);
  }
  return answers;
};

const countStones = (position: SlowPosition, player: Player): number =>
  position.stones.flat().filter(stone => stone === player).length;

/** The planes of a position, seen from the player to move. */
export const slowPlanes = (position: SlowPosition, player: Player): SlowPlanes => {
  const enemy = other(player);
  const planes = Array.from({ length: 48 }, () => position.stones.map(row => row.map(() => 0)));
  const nearBound = new Set<string>();
  const set = (plane: number, { x, y }: Spot): void => {
    planes[plane][y][x] = 1;
  };

  const spots = position.stones.flatMap((row, y) => row.map((_, x) => ({ x, y })));
  for (const spot of spots) {
    set(3, spot);
    const stone = stoneAt(position, spot);
    if (stone !== '.') {
      set(stone === player ? 0 : 1, spot);
      const placed = position.placed[spot.y][spot.x];
      const ago = placed === undefined ? 8 : position.moves - placed + 1;
      set(4 + Math.min(ago, 8) - 1, spot);
      set(12 + Math.min(libertiesOf(position, spot).length, 8) - 1, spot);
      continue;
    }
    set(2, spot);
    const next = afterMove(position, spot, player);
    if (!next) continue;
    set(20 + Math.min(countStones(position, enemy) - countStones(next, enemy), 7), spot);
    const liberties = libertiesOf(next, spot).length;
    const size = chainOf(next, spot).length;
    if (liberties === 1) set(28 + Math.min(size, 8) - 1, spot);
    set(36 + Math.min(liberties, 8) - 1, spot);
    if (!isTrueEye(position, spot, player)) set(46, spot);

    for (const prey of around(position, spot, SIDES)) {
      if (stoneAt(position, prey) !== enemy || libertiesOf(position, prey).length !== 2) continue;
      const ladder = new SlowLadder();
      if (ladder.isCapturedOnDefence(next, prey, 1)) set(44, spot);
      if (ladder.isTooLong) nearBound.add(`44:${keyOf(spot)}`);
    }
  }

  for (const prey of spots) {
    if (stoneAt(position, prey) !== player || libertiesOf(position, prey).length !== 1) continue;
    for (const answer of answersOf(position, prey)) {
      const next = afterMove(position, answer, player);
      if (!next) continue;
      const ladder = new SlowLadder();
      if (!ladder.isCapturedOnAttack(next, prey, 1)) set(45, answer);
      if (ladder.isTooLong) nearBound.add(`45:${keyOf(answer)}`);
    }
  }
  return { planes, nearBound };
};
