/**
 * KataGo's JSON analysis protocol: one query a line in, answers a line out in any order. No line ends the session: what cannot be
 * read is answered with an error. Source: KataGo, docs/Analysis_Engine.md.
 */
import type { AnalysisEngine } from './engine.ts';
import { isFields, readIntegers, type Fields } from './fields.ts';
import { readQuery } from './query.ts';
import { QueryError } from './queryError.ts';
import type { QuerySettings } from './settings.ts';

export interface SessionOptions {
  readonly engine: AnalysisEngine;
  /** Settings where a query says nothing. */
  readonly defaults: QuerySettings;
  /** Answer to `query_version`. */
  readonly version: string;
  /** Answer to `query_models`. May have to wait for the network. */
  readonly describeModel: () => Promise<object>;
  readonly clearCache: () => void;
  /** Takes an answer, to be written as one line of JSON. */
  readonly answer: (answer: object) => void;
}

/** Most characters of a line that an error repeats. */
const QUOTED = 200;

export class AnalysisSession {
  private readonly options: SessionOptions;
  /** Answers that wait for the network. */
  private readonly open = new Set<Promise<void>>();

  constructor(options: SessionOptions) {
    this.options = options;
  }

  /** Takes a line of input, without its LF. */
  receive(line: string): void {
    if (line.trim() === '') return;
    const { answer } = this.options;
    let id: string | undefined;
    try {
      const fields = readFields(line);
      id = readId(fields);
      if (typeof fields['action'] === 'string') this.act(id, fields, fields['action']);
      else this.ask(id, fields);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      // KataGo gives an error without a field no id either; tools need it to know whose it is.
      answer({ id, field: error.field, error: error.message });
    }
  }

  /** Resolves when everything asked has been answered. */
  async drain(): Promise<void> {
    await Promise.all([this.options.engine.drain(), ...this.open]);
  }

  private ask(id: string, fields: Fields): void {
    const { engine, defaults, answer } = this.options;
    const { query, warnings } = readQuery(id, fields, defaults);
    for (const { field, warning } of warnings) answer({ id, field, warning });
    engine.submit(query);
  }

  /** Each action is echoed, with what it asked for. */
  private act(id: string, fields: Fields, action: string): void {
    const { engine, version, answer, clearCache, describeModel } = this.options;
    switch (action) {
      case 'query_version':
        return answer({ ...fields, version, git_hash: '<omitted>' });
      case 'query_models':
        return this.later(id, async () => answer({ ...fields, models: [await describeModel()] }));
      case 'clear_cache':
        clearCache();
        return answer(fields);
      case 'terminate': {
        const { terminateId } = fields;
        if (typeof terminateId !== 'string')
          throw new QueryError(
            'terminateId',
            'Requests for a terminate action must have a string "terminateId" field',
          );
        const isTurn = readTurnFilter(fields);
        engine.terminate((candidate, turn) => candidate === terminateId && isTurn(turn));
        return answer(fields);
      }
      case 'terminate_all': {
        const isTurn = readTurnFilter(fields);
        engine.terminate((_, turn) => isTurn(turn));
        return answer(fields);
      }
      default:
        throw new QueryError(
          'action',
          "'action' field must be 'query_version' or 'query_models' or 'clear_cache' or 'terminate' or 'terminate_all'",
        );
    }
  }

  /** Answers when the network is there; a failure is an error of this query only. */
  private later(id: string, work: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.options.answer({ id, error: error instanceof Error ? error.message : String(error) });
      } finally {
        this.open.delete(done);
      }
    };
    const done = run();
    this.open.add(done);
  }
}

const readFields = (line: string): Fields => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new QueryError(
      undefined,
      `${(error as Error).message} - could not parse input line as json request: ${line.slice(0, QUOTED)}`,
    );
  }
  if (!isFields(value))
    throw new QueryError(
      undefined,
      `Request line was valid json but was not an object, ignoring: ${line.slice(0, QUOTED)}`,
    );
  return value;
};

const readId = (fields: Fields): string => {
  if (typeof fields['id'] !== 'string')
    throw new QueryError(undefined, 'Request must have a string "id" field');
  return fields['id'];
};

/** Whether a turn is among `turnNumbers`; any is if they are not given. */
const readTurnFilter = (fields: Fields): ((turn: number) => boolean) => {
  const message = 'If provided, must be an array of integers indicating turns to terminate';
  const turns = readIntegers(fields, 'turnNumbers', message);
  return turn => turns?.includes(turn) ?? true;
};
