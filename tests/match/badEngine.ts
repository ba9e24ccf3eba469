/**
 * An engine that misbehaves on demand: `node badEngine.ts HOW`. It plays the first empty point by its own simple board, resigns
 * after some moves, and does one thing wrong.
 */
const how = process.argv[2] ?? 'good';
const RESIGN_AFTER = Number(process.argv[3] ?? 12);

if (how === 'crash-at-start') process.exit(3);

let size = 19;
let taken = new Set<string>();
let moves = 0;
const letters = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';
const firstEmpty = (): string => {
  for (let y = 1; y <= size; y++)
    for (let x = 0; x < size; x++) if (!taken.has(`${letters[x]}${y}`)) return `${letters[x]}${y}`;
  return 'pass';
};

const COMMANDS = [
  'protocol_version',
  'name',
  'version',
  'list_commands',
  'boardsize',
  'clear_board',
  'komi',
  'play',
  'genmove',
  'final_score',
  'quit',
  ...(how.startsWith('pessimist') || how === 'optimist' ? ['kata-genmove_analyze'] : []),
];

const answer = (name: string, args: readonly string[]): string | undefined => {
  switch (name) {
    case 'protocol_version':
      return '2';
    case 'name':
      return `Bad ${how}`;
    case 'version':
      return '1.0';
    case 'list_commands':
      return COMMANDS.join('\n');
    case 'boardsize':
      size = Number(args[0]);
      return '';
    case 'clear_board':
      taken = new Set();
      moves = 0;
      return '';
    case 'play':
      if (how === 'refuses') return undefined;
      taken.add(args[1].toUpperCase());
      return '';
    case 'genmove': {
      moves++;
      if (how === 'hang' && moves === 2) return 'HANG';
      if (how === 'crash' && moves === 2) process.exit(1);
      if (how === 'illegal' && moves === 2) return [...taken][0] ?? 'A1';
      if (how === 'nonsense' && moves === 2) return 'Q99 is nice';
      if (how === 'slow') {
        const until = Date.now() + 400;
        while (Date.now() < until);
      }
      if (how === 'flood') process.stderr.write('x'.repeat(300_000));
      if (how === 'passes') return 'pass';
      if (moves > RESIGN_AFTER) return 'resign';
      const vertex = firstEmpty();
      taken.add(vertex);
      return vertex;
    }
    case 'kata-genmove_analyze': {
      const vertex = firstEmpty();
      taken.add(vertex);
      const winrate = how === 'optimist' ? 0.98 : 0.02;
      return `\ninfo move ${vertex} visits 5 winrate ${winrate.toFixed(6)} scoreLead 1.500000 order 0 pv ${vertex}\nplay ${vertex}`;
    }
    case 'final_score':
      return how === 'passes' ? (process.argv[4] ?? 'B+1') : '0';
    case 'quit':
      return '';
    default:
      return '';
  }
};

let buffer = '';
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  buffer += text;
  for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
    const words = buffer.slice(0, end).trim().split(/\s+/);
    buffer = buffer.slice(end + 1);
    const id = /^\d+$/.test(words[0]) ? words.shift()! : '';
    const [name, ...args] = words;
    const text2 = answer(name, args);
    if (text2 === 'HANG') continue;
    if (how === 'garbage') process.stdout.write('thinking about it\n\nwell\n');
    const shown = how === 'wrong-ids' && name === 'genmove' ? '7777' : id;
    process.stdout.write(text2 === undefined ? `?${shown} illegal move\n\n` : `=${shown} ${text2}\n\n`);
    if (name === 'quit' && how !== 'slow-quit') process.exit(0);
  }
});
// A hung engine does not notice that its client has gone.
if (how === 'hang' || how === 'slow-quit') setInterval(() => {}, 1000);
else process.stdin.on('end', () => process.exit(0));
