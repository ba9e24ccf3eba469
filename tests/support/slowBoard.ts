/**
 * Go once more, slow and obvious: rows of characters copied for every move, flood fill, a list of all positions. It shares no
 * code with the engine, so what both agree on, neither got wrong alone.
 */
export type SlowStone = '.' | 'X' | 'O';
export type SlowPlayer = 'X' | 'O';

interface SlowState {
  readonly rows: readonly (readonly SlowStone[])[];
  readonly toPlay: SlowPlayer;
  readonly ko: string | undefined;
  readonly koPlayer: SlowPlayer;
  readonly captured: Readonly<Record<SlowPlayer, number>>;
}

export interface SlowRules {
  readonly ko: 'simple' | 'positional' | 'situational';
  readonly suicide: boolean;
}

const other = (player: SlowPlayer): SlowPlayer => (player === 'X' ? 'O' : 'X');

export class SlowBoard {
  readonly width: number;
  readonly height: number;
  private readonly rules: SlowRules;
  private states: SlowState[];

  constructor(width: number, height: number, rules: SlowRules) {
    this.width = width;
    this.height = height;
    this.rules = rules;
    const rows = Array.from({ length: height }, () => Array.from({ length: width }, (): SlowStone => '.'));
    this.states = [{ rows, toPlay: 'X', ko: undefined, koPlayer: 'X', captured: { X: 0, O: 0 } }];
  }

  get state(): SlowState {
    return this.states[this.states.length - 1];
  }

  at(x: number, y: number): SlowStone {
    return this.state.rows[y][x];
  }

  /** All stones in one text: equal texts are equal positions. */
  get position(): string {
    return this.state.rows.map(row => row.join('')).join('/');
  }

  /** The points of the chain at (x, y), as "x,y". */
  chain(x: number, y: number, rows = this.state.rows): Set<string> {
    const points = new Set([`${x},${y}`]);
    for (const point of points) {
      const [px, py] = point.split(',').map(Number);
      for (const [nx, ny] of this.neighbors(px, py))
        if (rows[ny][nx] === rows[y][x]) points.add(`${nx},${ny}`);
    }
    return points;
  }

  liberties(x: number, y: number, rows = this.state.rows): number {
    const empty = new Set<string>();
    for (const point of this.chain(x, y, rows)) {
      const [px, py] = point.split(',').map(Number);
      for (const [nx, ny] of this.neighbors(px, py)) if (rows[ny][nx] === '.') empty.add(`${nx},${ny}`);
    }
    return empty.size;
  }

  /** Why the rules forbid a move, as the engine names the reasons. */
  whyIllegal(x: number, y: number, player: SlowPlayer): string | undefined {
    if (this.at(x, y) !== '.') return 'occupied';
    const { rows, ownRemoved } = this.after(x, y, player);
    if (ownRemoved > 0 && (!this.rules.suicide || ownRemoved === 1)) return 'suicide';
    if (this.state.ko === `${x},${y}` && this.state.koPlayer === player) return 'ko';
    if (this.rules.ko === 'simple') return undefined;
    const text = rows.map(row => row.join('')).join('/');
    const repeated = this.states.some(
      state =>
        state.rows.map(row => row.join('')).join('/') === text &&
        (this.rules.ko === 'positional' || state.toPlay === other(player)),
    );
    return repeated ? 'superko' : undefined;
  }

  play(x: number, y: number, player: SlowPlayer): void {
    const { rows, taken, ownRemoved } = this.after(x, y, player);
    const captured = { ...this.state.captured };
    captured[player] += taken.length;
    captured[other(player)] += ownRemoved;
    const isKo =
      taken.length === 1 &&
      ownRemoved === 0 &&
      this.chain(x, y, rows).size === 1 &&
      this.liberties(x, y, rows) === 1;
    this.states.push({
      rows,
      toPlay: other(player),
      ko: isKo ? taken[0] : undefined,
      koPlayer: other(player),
      captured,
    });
  }

  pass(player: SlowPlayer): void {
    this.states.push({ ...this.state, toPlay: other(player), ko: undefined });
  }

  undo(): void {
    this.states.pop();
  }

  private after(
    x: number,
    y: number,
    player: SlowPlayer,
  ): { rows: SlowStone[][]; taken: string[]; ownRemoved: number } {
    const rows = this.state.rows.map(row => [...row]);
    rows[y][x] = player;
    const taken: string[] = [];
    const remove = (points: Set<string>): void => {
      for (const point of points) {
        const [px, py] = point.split(',').map(Number);
        rows[py][px] = '.';
      }
    };
    for (const [nx, ny] of this.neighbors(x, y)) {
      if (rows[ny][nx] !== other(player) || this.liberties(nx, ny, rows) > 0) continue;
      const chain = this.chain(nx, ny, rows);
      taken.push(...chain);
      remove(chain);
    }
    if (this.liberties(x, y, rows) > 0) return { rows, taken, ownRemoved: 0 };
    const own = this.chain(x, y, rows);
    remove(own);
    return { rows, taken, ownRemoved: own.size };
  }

  private neighbors(x: number, y: number): [number, number][] {
    const all: [number, number][] = [
      [x, y - 1],
      [x - 1, y],
      [x + 1, y],
      [x, y + 1],
    ];
    return all.filter(([nx, ny]) => nx >= 0 && ny >= 0 && nx < this.width && ny < this.height);
  }
}
