/**
 * An analysis engine of ours that misbehaves on demand: `node badAnalysisEngine.ts HOW [LOG]`. It counts the stones that each
 * side has played, and does one thing wrong; what goes wrong with a single query does so in games that begin at A1. It adds
 * every query to the file LOG, if there is one.
 */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

interface Query {
  readonly id: string;
  readonly moves: readonly (readonly ['B' | 'W', string])[];
  readonly initialPlayer: 'B' | 'W';
  readonly komi: number;
  readonly analyzeTurns: readonly number[];
  readonly action?: string;
}

const how = process.argv[2] ?? 'good';
const log = process.argv[3];
if (how === 'crash-at-start') {
  process.stderr.write('no network file\n');
  process.exit(3);
}

const LETTERS = 'ABCDEFGHJKLMNOPQRST';
const indexOf = (vertex: string): number => LETTERS.indexOf(vertex[0]) + 19 * (19 - Number(vertex.slice(1)));

const answer = ({ id, moves, initialPlayer, komi }: Query, turn: number): object => {
  const played = moves.slice(0, turn);
  const player = turn === 0 ? initialPlayer : played[turn - 1][0] === 'B' ? 'W' : 'B';
  const stones = played.filter(([, vertex]) => vertex !== 'pass');
  const blackLead = 2 * stones.filter(([color]) => color === 'B').length - stones.length - komi;
  const forBlack = how === 'black-view' ? 1 : how === 'white-view' ? -1 : player === 'B' ? 1 : -1;
  const lead = how === 'undecided' ? 0 : forBlack * blackLead;
  const policy: number[] = Array.from({ length: 362 }, () => 0);
  for (const [, vertex] of stones) policy[indexOf(vertex)] = -1;
  const free = policy.flatMap((share, i) => (share < 0 || i === 361 ? [] : [i]));
  policy[free[turn]] = 0.5;
  policy[free[turn + 1]] = 0.25;
  policy[free[turn + 2]] = 0.001;
  policy[361] = 0.249;
  return {
    id,
    isDuringSearch: false,
    turnNumber: turn,
    moveInfos: [],
    rootInfo: {
      currentPlayer: how === 'other-player' ? 'X' : player,
      winrate: 1 / (1 + Math.exp(-lead / 10)),
      scoreLead: lead,
      visits: 1,
    },
    policy: how === 'short-policy' ? policy.slice(1) : policy,
    ...(how === 'no-ownership' ? {} : { ownership: Array.from({ length: 361 }, () => Math.tanh(lead / 20)) }),
  };
};

const print = (value: object | string): void => {
  process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
};

/** Once in the life of a test: by a file beside the log. */
const isFirst = (): boolean => {
  if (existsSync(`${log}.once`)) return false;
  writeFileSync(`${log}.once`, '');
  return true;
};

let asked = 0;
const held: object[] = [];
const take = (query: Query): void => {
  if (log !== undefined) appendFileSync(log, `${JSON.stringify(query)}\n`);
  if (query.action !== undefined || how === 'mute') return;
  asked++;
  const isMarked = query.moves[0]?.[1] === 'A1';
  const isProbe = query.moves[1]?.[1] === 'pass';
  if (isMarked && how === 'refuses') {
    print({ error: 'Illegal move', field: 'moves', id: query.id });
    return;
  }
  if (isMarked && how === 'loses') return;
  if (isMarked && how === 'crashes') process.exit(1);
  if (isMarked && how === 'hangs') process.stdin.pause();
  if (how === 'silent' && !isProbe) return;
  if (how === 'crash-always' && !isProbe) process.exit(1);
  if (how === 'crash-once' && asked === 3 && isFirst()) process.exit(1);
  if (how === 'noise') print('Loaded network. {not JSON}');
  if (how === 'warns' && !isProbe) print({ warning: 'odd komi', field: 'komi', id: query.id });
  if (how === 'errors') print({ error: 'something general' });
  const answers = query.analyzeTurns.map(turn => answer(query, turn));
  if (how === 'reports-often') for (const one of answers) print({ ...one, isDuringSearch: true, policy: [] });
  if (how === 'twice') for (const one of answers) print(one);
  if (how === 'unasked') print({ ...answers[0], id: 'nobody' });
  if (isMarked && how === 'hangs') return;
  if (how === 'late') held.push(...answers.toReversed());
  else for (const one of answers) print(one);
};

if (how === 'late')
  setInterval(() => {
    for (const one of held.splice(0).toReversed()) print(one);
  }, 50);

// It lives, whatever it has forgotten.
if (how === 'loses') setInterval(() => print({ id: 'nobody', turnNumber: 0 }), 100);

let buffer = '';
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  buffer += text;
  const run = (): void => {
    for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 1);
      take(JSON.parse(line) as Query);
    }
  };
  if (how === 'slow') setTimeout(run, 100);
  else run();
});
process.stdin.on('end', () => {
  setTimeout(() => process.exit(0), how === 'slow' ? 300 : 0);
});
