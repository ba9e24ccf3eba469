/**
 * `hane`: the game of Go, networks that judge positions, searching, and game records. `hane/models` has the library of networks.
 *
 *     import { Game, Search, makeVertex, openEvaluator } from 'hane';
 *     const evaluator = await openEvaluator();
 *     const { best } = await new Search(evaluator).think(new Game(), { visits: 100 });
 *     await evaluator.close();
 */
export { DEFAULT_KOMI, Game, type GameOptions } from '../engine/game.ts';
export {
  BLACK,
  EMPTY,
  PASS,
  WHITE,
  opposite,
  type Color,
  type Illegality,
  type Move,
  type Point,
  type Rules,
} from '../engine/types.ts';
export { handicapPoints, makeVertex, parseVertex, pointAt, type Dimensions } from '../engine/coords.ts';
export { areaScore, finalScore, makeScore, territoryScore } from '../engine/score.ts';
export { Random } from '../engine/random.ts';

export { uniformEvaluator, type Batch, type Evaluator } from '../engine/evaluator.ts';
export { openEvaluator, type EvaluatorOptions, type NetworkEvaluator } from './inference/evaluator.ts';
export { NetworkError } from './inference/networkError.ts';
export { analyzePolicy, type Analysis, type Candidate, type Evaluation } from '../engine/analysis.ts';

export { PolicyPlayer } from '../engine/players.ts';
export { Search, type SearchLimits, type SearchResult, type Surroundings } from '../engine/search/search.ts';
export { SearchPlayer } from '../engine/search/searchPlayer.ts';
export type { SearchParameters } from '../engine/search/params.ts';

export { parseSgf, type SgfNode } from './sgf/parse.ts';
export { readRecord, type GameRecord } from './sgf/record.ts';
export { loadPosition, startGame } from './sgf/replay.ts';
export { gameToSgf, makeSgf } from './sgf/write.ts';
export { SgfError } from './sgf/sgfError.ts';
