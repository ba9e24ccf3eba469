/** The talk of `hane play`: a line in, the board and an answer out. It knows no terminal, so tests can talk to it. */
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import { makeVertex, parseVertex } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { statusOf } from '../../engine/judge.ts';
import { finalScore, makeScore } from '../../engine/score.ts';
import { BLACK, EMPTY, PASS, WHITE, opposite, type Color, type Illegality } from '../../engine/types.ts';
import { pictureOf, type BoardPicture } from '../draw/boardPicture.ts';
import { drawBoardText } from '../draw/boardText.ts';
import type { Player } from '../gtp/player.ts';
import { gameToSgf } from '../sgf/write.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { heatPicture } from './analyzePosition.ts';
import { describeChances } from './position.ts';

export interface PlaySessionOptions {
  /** The user's color. */
  readonly color: Color;
  readonly useColor: boolean;
  readonly write: (text: string) => void;
}

const HELP = `A move is a letter and a number, such as D4. Else:
  pass         pass; two passes end the game
  undo         take back your last move and hane's answer
  hint         show where hane would play
  heat         show hane's move probabilities on the board, or stop it
  score        count the game as it stands
  save FILE    write the game as SGF
  resign       give up
  quit         leave
`;

/** Candidates listed beside the board. */
const LISTED = 5;

const REASONS: Record<Illegality, string> = {
  occupied: 'there is a stone already',
  suicide: 'the stone would have no liberty',
  ko: 'that is ko: play elsewhere first',
  superko: 'that repeats an earlier position of the game (superko)',
};

export class PlaySession {
  /** Whether the user has left. */
  isDone = false;
  private readonly game: Game;
  private readonly player: Player;
  private readonly options: PlaySessionOptions;
  private showsHeat = false;
  /** What hane thought when it moved last. */
  private thought: string[] = [];
  private result: string | undefined;

  /** @param player hane; one that never resigns */
  constructor(game: Game, player: Player, options: PlaySessionOptions) {
    this.game = game;
    this.player = player;
    this.options = options;
  }

  /** Greets, and makes hane's first move if it is its turn. */
  async start(): Promise<void> {
    const color =
      this.options.color === BLACK
        ? `Black (${this.options.useColor ? '●' : 'X'})`
        : `White (${this.options.useColor ? '○' : 'O'})`;
    const { network } = await this.player.describe();
    this.say(
      `You are ${color}, hane (${network}) is ${this.options.color === BLACK ? 'White' : 'Black'}; komi ${this.game.komi}.`,
    );
    this.say('Type a move such as D4, or: pass, undo, hint, heat, score, save FILE, resign, quit, help.');
    if (this.game.toPlay !== this.options.color) await this.answer();
    await this.show();
  }

  /** Does what one line of the user's says. */
  async receive(line: string): Promise<void> {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const argument = rest.join(' ');
    switch (word.toLowerCase()) {
      case '':
        return;
      case 'help':
      case '?':
        this.options.write(HELP);
        return;
      case 'quit':
      case 'exit':
        this.isDone = true;
        return;
      case 'undo':
        return this.undo();
      case 'hint':
        return this.hint();
      case 'heat':
        this.showsHeat = !this.showsHeat;
        return this.show();
      case 'score':
        return this.score();
      case 'save':
        return this.save(argument);
      case 'resign':
        return this.end(`${this.options.color === BLACK ? 'W' : 'B'}+R`);
      default:
        return this.play(word);
    }
  }

  private async play(word: string): Promise<void> {
    const { game } = this;
    if (this.result !== undefined) {
      this.say(`The game is over (${this.result}). undo, save FILE or quit.`);
      return;
    }
    const point = parseVertex(word, game);
    if (point === undefined) {
      this.say(
        `"${word}" is neither a move from ${makeVertex(game.board.points[game.width * (game.height - 1)], game)} to ${makeVertex(game.board.points[game.width - 1], game)} nor a command; help lists them.`,
      );
      return;
    }
    const reason = game.whyIllegal(point);
    if (reason) {
      this.say(`${makeVertex(point, game)} is not allowed: ${REASONS[reason]}.`);
      return;
    }
    game.play(point);
    if (!game.isOver) await this.answer();
    if (game.isOver) await this.end();
    else await this.show();
  }

  /** Hane moves. */
  private async answer(): Promise<void> {
    const { game } = this;
    const { move, analysis } = await this.player.genmove(game, { cleanup: false });
    const point = move === 'resign' ? PASS : move;
    this.thought = [
      `hane plays ${makeVertex(point, game)}; it considered`,
      ...(analysis ? listCandidates(game, analysis, LISTED) : []),
    ];
    game.play(point);
  }

  private async undo(): Promise<void> {
    const { game } = this;
    if (game.moveCount === 0) {
      this.say('There is nothing to take back.');
      return;
    }
    this.result = undefined;
    this.thought = [];
    do game.undo();
    while (game.moveCount > 0 && game.toPlay !== this.options.color);
    if (game.toPlay !== this.options.color) await this.answer();
    await this.show();
  }

  private async hint(): Promise<void> {
    const { game, player, options } = this;
    const analysis = await player.analyze(game, { cleanup: false, isBrief: true });
    const evaluation = await player.evaluate(game, 0);
    const beside = ['', ...listCandidates(game, analysis, 2 * LISTED)];
    options.write(`${drawBoardText(heatPicture(game, evaluation), { color: options.useColor, beside })}\n`);
  }

  private async score(): Promise<void> {
    const judgement = await this.player.judge(this.game);
    const { stones, points } = this.game.board;
    const dead = Array.from(points).filter(
      point => stones[point] !== EMPTY && statusOf(judgement, point) === 'dead',
    );
    this.say(`As it stands: ${makeScore(finalScore(this.game, judgement))}.`);
    if (dead.length > 0)
      this.say(`Taken for dead: ${dead.map(point => makeVertex(point, this.game)).join(' ')}`);
  }

  private async save(path: string): Promise<void> {
    if (path === '') {
      this.say('save needs a file name, such as save game.sgf');
      return;
    }
    const names =
      this.options.color === BLACK ? { black: 'you', white: 'hane' } : { black: 'hane', white: 'you' };
    try {
      await writeFileAtomic(
        path,
        gameToSgf(this.game, { ...names, ...(this.result === undefined ? {} : { result: this.result }) }),
      );
      this.say(`Saved as ${path}.`);
    } catch (error) {
      this.say(`Cannot save ${path}: ${(error as Error).message}`);
    }
  }

  private async end(resigned?: string): Promise<void> {
    this.result = resigned ?? makeScore(finalScore(this.game, await this.player.judge(this.game)));
    await this.show();
    this.say(`The game is over: ${this.result}.`);
    if (resigned === undefined) await this.score();
    this.say('undo takes it up again, save FILE keeps it, quit leaves.');
  }

  private async show(): Promise<void> {
    const { game, options } = this;
    const evaluation: Evaluation | undefined = this.showsHeat
      ? await this.player.evaluate(game, 0)
      : undefined;
    const picture: BoardPicture = evaluation ? heatPicture(game, evaluation) : pictureOf(game);
    const last = game.moveCount > 0 ? game.moveAt(-1) : undefined;
    const status = [
      last === undefined
        ? 'no move yet'
        : `move ${game.moveCount}: ${last.color === BLACK ? 'Black' : 'White'} ${makeVertex(last.point, game)}`,
      `prisoners: Black has ${game.board.captures[BLACK]}, White has ${game.board.captures[WHITE]}`,
      `${game.toPlay === options.color ? 'your move' : "hane's move"} (${game.toPlay === BLACK ? 'Black' : 'White'})`,
      '',
      ...this.thought,
    ];
    const passed =
      last?.point === PASS && last.color === opposite(options.color) && !game.isOver
        ? ['hane passed: pass too to end the game']
        : [];
    options.write(
      `${drawBoardText(picture, { color: options.useColor, beside: ['', ...status, ...passed] })}\n`,
    );
  }

  private say(text: string): void {
    this.options.write(`${text}\n`);
  }
}

/** A line a candidate: the move, its prior, its win rate and visits where it was searched, and what is expected to follow. */
const listCandidates = (game: Game, analysis: Analysis, count: number): string[] => {
  const { candidates, visits } = analysis;
  const isSearched = visits > 1 + candidates.length;
  const lines = candidates.slice(0, count).map(candidate => {
    const { point, prior, value, line } = candidate;
    const parts = [makeVertex(point, game).padEnd(4), `${(100 * prior).toFixed(1).padStart(5)} %`];
    if (isSearched) {
      if (value !== undefined) parts.push(`wins ${(50 * (1 + value)).toFixed(0).padStart(3)} %`);
      parts.push(`${String(candidate.visits).padStart(5)} visits`);
      parts.push(
        line
          .slice(1, 5)
          .map(next => makeVertex(next, game))
          .join(' '),
      );
    }
    return parts.join('  ').trimEnd();
  });
  const chances = describeChances(game, analysis);
  return chances === undefined ? lines : [...lines, '', chances];
};
