/**
 * Analysis as KataGo, Leela Zero and CGOS have it. An analysis tells at its interval what it has found, goes silent when
 * there is nothing more to find, and is ended by the next line of input.
 */
import type { Analysis } from '../../../engine/analysis.ts';
import { readAnalyzeRequest, type AnalyzeRequest } from '../analyzeArguments.ts';
import { readColor } from '../arguments.ts';
import { makeCgosJson, makeInfo, type InfoOptions } from '../info.ts';
import type { Decision, View } from '../player.ts';
import { Stream, type Handler, type Session } from './handler.ts';
import { moveText, playMove } from './moves.ts';

type Form = InfoOptions['form'];

/** An analysis without an interval says once what it has after this long. */
const ONCE_AFTER_MS = 1000;

/** Shortest time between two lines, so that there is time to read the input. */
const SHORTEST_MS = 10;

/** Longest that a timer can wait; Node makes one that should wait longer fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

const intervalMs = ({ interval }: AnalyzeRequest): number | undefined =>
  interval === undefined ? undefined : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, 1000 * interval));

const analyze =
  (form: Form): Handler =>
  ({ engine, nextLine: signal }, args) => {
    const { game } = engine;
    const request = readAnalyzeRequest(args, game, form);
    const { color, view, info } = request;
    return new Stream(
      async emit => {
        const everyMs = intervalMs(request);
        let hasSpoken = false;
        const tell = (analysis: Analysis): void => {
          if (analysis.candidates.length === 0 || (hasSpoken && everyMs === undefined)) return;
          hasSpoken = true;
          emit(makeInfo(game, analysis, info));
        };
        const options = { ...view, signal, onReport: tell, everyMs: everyMs ?? ONCE_AFTER_MS };
        const last = await engine.analyze(color, options);
        if (!signal.aborted) tell(last);
      },
      { isEndless: true },
    );
  };

/** The view of a move with its analysis: lines at the interval, if there is one. */
const reportingView = (
  { engine: { game } }: Session,
  request: AnalyzeRequest,
  emit: (line: string) => void,
): View => {
  const everyMs = intervalMs(request);
  if (everyMs === undefined) return request.view;
  return {
    ...request.view,
    everyMs,
    onReport: analysis => {
      if (analysis.candidates.length > 0) emit(makeInfo(game, analysis, request.info));
    },
  };
};

/** The last line before the move. CGOS takes that one, so there has to be one. */
const emitLast = (
  { engine: { game } }: Session,
  { analysis }: Decision,
  { info }: AnalyzeRequest,
  emit: (line: string) => void,
): void => {
  if (analysis && analysis.candidates.length > 0) emit(makeInfo(game, analysis, info));
};

/** A move with its analysis: lines of candidates, then the move. */
const genmoveAnalyze =
  (form: Form): Handler =>
  (session, args) => {
    const request = readAnalyzeRequest(args, session.engine.game, form);
    return new Stream(
      async emit => {
        const view = reportingView(session, request, emit);
        const decision = await playMove(session, request.color, { view });
        emitLast(session, decision, request, emit);
        emit(`play ${moveText(decision, session.engine.game)}`);
      },
      { isEndless: false },
    );
  };

/** What KataGo says in place of a move that nobody waits for any more. */
const CANCELLED = 'cancelled';

/** The decision, or undefined as soon as another line has come if that is to cancel it. */
const orCancelled = (
  { nextLine }: Session,
  isCancellable: boolean,
  choose: (signal: AbortSignal) => Promise<Decision>,
  hurry: AbortSignal,
): Promise<Decision | undefined> => {
  if (!isCancellable) return choose(hurry);
  if (nextLine.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    nextLine.addEventListener('abort', () => resolve(undefined));
    choose(AbortSignal.any([hurry, nextLine])).then(resolve, reject);
  });
};

/** `kata-search`: a move that is not played. */
const search =
  (isCancellable: boolean): Handler =>
  async (session, [text]) => {
    const { engine, hurry } = session;
    const color = text === undefined ? engine.game.toPlay : readColor(text);
    const choose = (signal: AbortSignal): Promise<Decision> => engine.choose(color, { signal });
    const decision = await orCancelled(session, isCancellable, choose, hurry);
    return decision ? moveText(decision, engine.game) : CANCELLED;
  };

const searchAnalyze =
  (isCancellable: boolean): Handler =>
  (session, args) => {
    const { engine, hurry } = session;
    const request = readAnalyzeRequest(args, engine.game, 'kata');
    return new Stream(
      async emit => {
        const view = reportingView(session, request, emit);
        const choose = (signal: AbortSignal): Promise<Decision> =>
          engine.choose(request.color, { view, signal });
        const decision = await orCancelled(session, isCancellable, choose, hurry);
        if (decision) emitLast(session, decision, request, emit);
        emit(`play ${decision ? moveText(decision, engine.game) : CANCELLED}`);
      },
      { isEndless: false },
    );
  };

const lzAnalyze = analyze('lz');
const lzGenmoveAnalyze = genmoveAnalyze('lz');

export const analyzeHandlers: Record<string, Handler> = {
  'kata-analyze': analyze('kata'),
  'lz-analyze': lzAnalyze,
  'kata-genmove_analyze': genmoveAnalyze('kata'),
  'lz-genmove_analyze': lzGenmoveAnalyze,
  'kata-search': search(false),
  'kata-search_cancellable': search(true),
  'kata-search_analyze': searchAnalyze(false),
  'kata-search_analyze_cancellable': searchAnalyze(true),
  /** One line of JSON, then the move. */
  'cgos-genmove_analyze': (session, [colorText]) => {
    const color = readColor(colorText);
    return new Stream(
      async emit => {
        const decision = await playMove(session, color, { view: {} });
        const { game } = session.engine;
        if (decision.analysis) emit(makeCgosJson(game, decision.analysis));
        emit(`play ${moveText(decision, game)}`);
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
