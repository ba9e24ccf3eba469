/** Which games a match consists of: a list of independent games, the same for everyone who has the same settings. */

/** One game to be played; `id` names it for ever. */
export interface ScheduledGame {
  readonly id: string;
  /** Of the openings, and of both games of a pair. */
  readonly pair: number;
  /** Indices of the engines. */
  readonly black: number;
  readonly white: number;
}

export type Mode = 'match' | 'round-robin' | 'gauntlet';

/** Pairings of engines by index; in a gauntlet the first plays all others. */
export const pairingsOf = (engines: number, mode: Mode): (readonly [number, number])[] => {
  const pairings: (readonly [number, number])[] = [];
  for (let a = 0; a < (mode === 'gauntlet' ? 1 : engines); a++)
    for (let b = a + 1; b < engines; b++) pairings.push([a, b]);
  return pairings;
};

/**
 * All games: for each opening every pairing twice, colors swapped, so that a match that is stopped early is fair too.
 * @param shard `index` of `count`: only pairs of that remainder
 */
export const makeSchedule = (
  engines: number,
  mode: Mode,
  pairs: number,
  shard: { readonly index: number; readonly count: number } = { index: 0, count: 1 },
): ScheduledGame[] => {
  const games: ScheduledGame[] = [];
  const pairings = pairingsOf(engines, mode);
  for (let pair = 0; pair < pairs; pair++) {
    for (const [number, [a, b]] of pairings.entries()) {
      if ((pair * pairings.length + number) % shard.count !== shard.index) continue;
      games.push({ id: `${a}-${b}-${pair}-a`, pair, black: a, white: b });
      games.push({ id: `${a}-${b}-${pair}-b`, pair, black: b, white: a });
    }
  }
  return games;
};
