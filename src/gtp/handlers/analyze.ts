/**
 * Analysis as KataGo, Leela Zero and CGOS have it. An analysis says what it knows and then is silent until the next line of
 * input ends it; nothing is computed meanwhile.
 */
import type { Analysis } from '../../../engine/analysis.ts';
import { makeVertex } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import type { Color } from '../../../engine/types.ts';
import { readAnalyzeRequest, type AnalyzeRequest } from '../analyzeArguments.ts';
import { readColor } from '../arguments.ts';
import type { Decision } from '../engine.ts';
import { makeCgosJson, makeInfo, type InfoOptions } from '../info.ts';
import { Stream, type Handler } from './handler.ts';

type Form = InfoOptions['form'];

const infoLine = (game: Game, analysis: Analysis, { info }: AnalyzeRequest): string =>
  makeInfo(game, analysis, info);

const moveText = ({ move }: Decision, game: Game): string =>
  move === 'resign' ? move : makeVertex(move, game);

const analyze =
  (form: Form): Handler =>
  ({ engine }, args) => {
    const request = readAnalyzeRequest(args, engine.game, form);
    return new Stream(
      async emit => {
        const analysis = await engine.analyze(request.color, request.options);
        if (analysis.candidates.length > 0) emit(infoLine(engine.game, analysis, request));
      },
      { isEndless: true },
    );
  };

/** A move with its analysis: a line of candidates, then the move. */
const genmoveAnalyze =
  (form: Form, { plays }: { readonly plays: boolean }): Handler =>
  ({ engine }, args) => {
    const request = readAnalyzeRequest(args, engine.game, form);
    return new Stream(
      async emit => {
        const decision = await engine.choose(request.color, { analysis: request.options });
        // CGOS takes the last line before the move, so there has to be one.
        if (decision.analysis && decision.analysis.candidates.length > 0)
          emit(infoLine(engine.game, decision.analysis, request));
        emit(`play ${moveText(decision, engine.game)}`);
        if (plays && decision.move !== 'resign') engine.game.play(decision.move, request.color);
      },
      { isEndless: false },
    );
  };

/** `kata-search`: a move that is not played. */
const search: Handler = async ({ engine }, [text]) => {
  const color: Color = text === undefined ? engine.game.toPlay : readColor(text);
  return moveText(await engine.choose(color), engine.game);
};

const lzAnalyze = analyze('lz');
const lzGenmoveAnalyze = genmoveAnalyze('lz', { plays: true });
const kataSearchAnalyze = genmoveAnalyze('kata', { plays: false });

export const analyzeHandlers: Record<string, Handler> = {
  'kata-analyze': analyze('kata'),
  'lz-analyze': lzAnalyze,
  'kata-genmove_analyze': genmoveAnalyze('kata', { plays: true }),
  'lz-genmove_analyze': lzGenmoveAnalyze,
  'kata-search': search,
  'kata-search_cancellable': search,
  'kata-search_analyze': kataSearchAnalyze,
  'kata-search_analyze_cancellable': kataSearchAnalyze,
  /** One line of JSON, then the move. */
  'cgos-genmove_analyze': ({ engine }, [colorText]) => {
    const color = readColor(colorText);
    return new Stream(
      async emit => {
        const decision = await engine.choose(color, { analysis: {} });
        if (decision.analysis) emit(makeCgosJson(engine.game, decision.analysis));
        emit(`play ${moveText(decision, engine.game)}`);
        if (decision.move !== 'resign') engine.game.play(decision.move, color);
      },
      { isEndless: false },
    );
  },
};

/** Understood but not listed: Sabaki would take `analyze` before `kata-analyze` and misread its numbers. */
export const unlistedAnalyzeHandlers: Record<string, Handler> = {
  analyze: lzAnalyze,
  genmove_analyze: lzGenmoveAnalyze,
};
