/** What GUIs, servers and match runners rely on, one check each. A check says what would go wrong where. */
import { Game } from '../../../engine/game.ts';
import { handicapPoints, makeVertex, parseVertex } from '../../../engine/coords.ts';
import { bodyOf, isSuccess, type RawEngine } from './rawEngine.ts';

export interface Verdict {
  /** `warn`: some client stumbles; `skip`: the engine does not offer it. */
  readonly status: 'pass' | 'warn' | 'fail' | 'skip';
  readonly detail: string;
}

export interface CheckContext {
  readonly engine: RawEngine;
  /** What `list_commands` says. */
  readonly commands: ReadonlySet<string>;
  /** Longest wait for an ordinary answer, and for a move. */
  readonly answerMs: number;
  readonly moveMs: number;
}

export interface Check {
  readonly name: string;
  readonly run: (context: CheckContext) => Promise<Verdict>;
}

const pass = (detail = ''): Verdict => ({ status: 'pass', detail });
const warn = (detail: string): Verdict => ({ status: 'warn', detail });
const fail = (detail: string): Verdict => ({ status: 'fail', detail });
const skip = (detail: string): Verdict => ({ status: 'skip', detail });

const REQUIRED = [
  'protocol_version',
  'name',
  'version',
  'known_command',
  'list_commands',
  'quit',
  'boardsize',
  'clear_board',
  'komi',
  'play',
  'genmove',
];

/** Sends commands that must succeed. @returns the first that did not */
const mustSucceed = async (
  { engine, answerMs }: CheckContext,
  ...lines: string[]
): Promise<Verdict | undefined> => {
  for (const line of lines) {
    const answer = await engine.ask(line, answerMs);
    if (!isSuccess(answer)) return fail(`"${line}" was answered "${answer.slice(0, 60)}"`);
  }
  return undefined;
};

const expectFailure = async (
  { engine, answerMs }: CheckContext,
  line: string,
  text: string,
): Promise<Verdict> => {
  const answer = await engine.ask(line, answerMs);
  if (!answer.startsWith('?')) return fail(`"${line}" was answered "${answer.slice(0, 60)}", it should fail`);
  return bodyOf(answer) === text
    ? pass()
    : warn(`"${line}" fails with "${bodyOf(answer)}"; clients look for "${text}"`);
};

const isVertex = (text: string, size: number): boolean =>
  parseVertex(text, { width: size, height: size }) !== undefined;

export const CHECKS: readonly Check[] = [
  {
    name: 'required commands are listed',
    run: async ({ commands }) => {
      const missing = REQUIRED.filter(name => !commands.has(name));
      return missing.length === 0
        ? pass(`${commands.size} commands`)
        : fail(`missing: ${missing.join(', ')}: CGOS and others refuse the engine`);
    },
  },
  {
    name: 'the list has no padding and begins with protocol_version',
    run: async ({ engine, answerMs }) => {
      const answer = await engine.ask('list_commands', answerMs);
      const lines = answer.replace(/^=\s?/, '').split('\n');
      if (lines.some(line => line !== line.trim()))
        return fail('blanks around a command make it invisible to Sabaki');
      return lines[0] === 'protocol_version'
        ? pass()
        : warn('LizzieYzy reads the list only if it begins with protocol_version');
    },
  },
  {
    name: 'known_command says true and false',
    run: async ({ engine, answerMs }) => {
      const answers = [
        bodyOf(await engine.ask('known_command play', answerMs)),
        bodyOf(await engine.ask('known_command no_such_command', answerMs)),
      ];
      return answers.join() === 'true,false' ? pass() : fail(`it said ${answers.join(' and ')}`);
    },
  },
  {
    name: 'the version suits Lizzie',
    run: async ({ engine, answerMs }) => {
      const name = bodyOf(await engine.ask('name', answerMs));
      const version = bodyOf(await engine.ask('version', answerMs));
      if (name.startsWith('KataGo')) return pass(`${name} ${version}`);
      const minor = version.split('.')[1];
      if (!/^\d+$/.test(minor ?? ''))
        return warn(`"${version}": Lizzie reads X.Y and its reader dies on anything else`);
      return Number(minor) >= 15
        ? pass(`${name} ${version}`)
        : warn(`"${version}": Lizzie wants X.15 at least`);
    },
  },
  {
    name: 'ids are echoed, also on errors',
    run: async ({ engine, answerMs }) => {
      engine.write('12 name\n0013 no_such_command\n');
      const answers = await engine.answers(2, answerMs);
      return answers[0]?.startsWith('=12 ') && answers[1]?.startsWith('?0013 ')
        ? pass()
        : fail(
            `answers began "${answers.map(answer => answer.slice(0, 8)).join('", "')}": Lizzie's reader dies`,
          );
    },
  },
  {
    name: 'an empty answer has a blank after its status',
    run: async ({ engine, answerMs }) => {
      const answer = await engine.ask('komi 6.5', answerMs);
      return answer.startsWith('= ')
        ? pass()
        : warn('GoGui cuts at the first blank: boards in answers lose their first cell');
    },
  },
  {
    name: 'an unknown command is an error, and nothing else',
    run: context => expectFailure(context, 'no_such_command', 'unknown command'),
  },
  {
    name: 'CRLF, comments, tabs, blanks and control characters are understood',
    run: async ({ engine, answerMs }) => {
      engine.write('\n# a comment\n\r\n  21\tname # more \r\n\u0007 22 na\u0001me\n');
      const answers = await engine.answers(2, answerMs);
      return answers[0]?.startsWith('=21 ') && answers[1]?.startsWith('=22 ')
        ? pass()
        : fail(
            `answers were "${answers.map(answer => answer.slice(0, 30)).join('", "')}": gtp2ogs sends CRLF`,
          );
    },
  },
  {
    name: 'a line with an id only is an error, and not the end',
    run: async ({ engine, answerMs }) => {
      const answer = await engine.ask('77', answerMs);
      return answer.startsWith('?77') ? pass() : fail(`it was answered "${answer.slice(0, 40)}"`);
    },
  },
  {
    name: 'any komi is taken',
    run: async context =>
      (await mustSucceed(context, 'komi 7', 'komi -0.5', 'komi 375', 'komi 6.5')) ?? pass(),
  },
  {
    name: 'komi survives a new board',
    run: async context => {
      if (!context.commands.has('get_komi')) return skip('no get_komi to see it by');
      const failed = await mustSucceed(context, 'komi 4.5', 'boardsize 9', 'clear_board');
      if (failed) return failed;
      const komi = bodyOf(await context.engine.ask('get_komi', context.answerMs));
      return Number(komi) === 4.5 ? pass() : fail(`it became ${komi}: Sabaki and CGOS set komi first`);
    },
  },
  {
    name: 'a size that cannot be is refused, and the engine lives',
    run: context => expectFailure(context, 'boardsize 1000', 'unacceptable size'),
  },
  {
    name: 'moves: any case, both colors by turns or not, passes',
    run: async context =>
      (await mustSucceed(
        context,
        'boardsize 9',
        'clear_board',
        'play b d4',
        'play B E5',
        'play white C3',
        'play W PASS',
        'play b pass',
        'play black j9',
      )) ?? pass(),
  },
  {
    name: 'a move on a stone is an illegal move',
    run: async context =>
      (await mustSucceed(context, 'clear_board', 'play b D4')) ??
      expectFailure(context, 'play w D4', 'illegal move'),
  },
  {
    name: 'moves can be taken back to the start and no further',
    run: async context => {
      if (!context.commands.has('undo')) return warn('no undo: Lizzie sends it anyway and loses its place');
      return (
        (await mustSucceed(
          context,
          'boardsize 9',
          'clear_board',
          'play b D4',
          'play w pass',
          'undo',
          'undo',
          'play w D4',
          'undo',
        )) ?? expectFailure(context, 'undo', 'cannot undo')
      );
    },
  },
  {
    name: 'genmove gives a legal move and plays it',
    run: async context => {
      const { engine, moveMs } = context;
      const failed = await mustSucceed(context, 'boardsize 9', 'clear_board', 'play b E5');
      if (failed) return failed;
      const started = performance.now();
      const move = bodyOf(await engine.ask('genmove w', moveMs));
      const seconds = ((performance.now() - started) / 1000).toFixed(2);
      if (!isVertex(move, 9) || move.toUpperCase() === 'E5')
        return fail(`it answered "${move.slice(0, 40)}"`);
      if (/^pass$/i.test(move)) return warn('it passed on move 2');
      const again = await expectFailure(context, `play b ${move}`, 'illegal move');
      return again.status === 'pass' ? pass(`${move} in ${seconds} s`) : again;
    },
  },
  {
    name: 'genmove works twice for one color and after two passes',
    run: async context => {
      const { engine, moveMs } = context;
      const failed = await mustSucceed(context, 'clear_board', 'play b E5');
      if (failed) return failed;
      const twice = bodyOf(await engine.ask('genmove b', moveMs));
      await mustSucceed(context, 'play w pass', 'play b pass');
      const after = await engine.ask('genmove w', moveMs);
      return isVertex(twice, 9) &&
        isSuccess(after) &&
        (isVertex(bodyOf(after), 9) || bodyOf(after) === 'resign')
        ? pass()
        : fail(`answers were "${twice}" and "${after.slice(0, 40)}": genmove never fails`);
    },
  },
  {
    name: '300 commands at once are answered in order',
    run: async ({ engine, answerMs }) => {
      const lines = Array.from({ length: 300 }, (_, i) => `${1000 + i} ${i % 3 === 0 ? 'komi 6.5' : 'name'}`);
      engine.write(`${lines.join('\n')}\n`);
      const answers = await engine.answers(lines.length, answerMs);
      const wrong = lines.findIndex((_, i) => !answers[i]?.startsWith(`=${1000 + i} `));
      return wrong < 0
        ? pass()
        : fail(
            `answer ${wrong + 1} was "${answers[wrong]?.slice(0, 30) ?? 'missing'}": Sabaki sends whole games at once`,
          );
    },
  },
  {
    name: 'no answer has an empty line within',
    run: async ({ engine, commands, answerMs }) => {
      const asked = ['showboard', 'list_commands'].filter(name => commands.has(name));
      engine.write(`${asked.map((name, i) => `${501 + i} ${name}\n`).join('')}599 name\n`);
      const answers = await engine.answers(asked.length + 1, answerMs);
      return answers.every(answer => /^=5\d\d/.test(answer))
        ? pass()
        : fail('an empty line ends an answer: the rest is taken for the next one');
    },
  },
  {
    name: 'clocks are taken, also with fractions and less than nothing',
    run: async context => {
      if (!context.commands.has('time_settings') || !context.commands.has('time_left'))
        return warn('CGOS gives no clock unless time_settings and time_left are listed');
      return (
        (await mustSucceed(
          context,
          'time_settings 300 0 0',
          'time_settings 0 30 1',
          'time_settings 0 1 0',
          'time_left b 12.34 0',
          'time_left w -1 0',
        )) ?? pass()
      );
    },
  },
  {
    name: 'fixed handicap stands where the specification says',
    run: async context => {
      const { engine, commands, answerMs } = context;
      if (!commands.has('fixed_handicap')) return skip('no fixed_handicap');
      const game = new Game();
      for (let count = 2; count <= 9; count++) {
        const failed = await mustSucceed(context, 'boardsize 19', 'clear_board');
        if (failed) return failed;
        const answer = bodyOf(await engine.ask(`fixed_handicap ${count}`, answerMs));
        const wanted = handicapPoints(count, game)!.map(point => makeVertex(point, game));
        if (answer.toUpperCase().split(/\s+/).toSorted().join() !== wanted.toSorted().join())
          return fail(`${count} stones: ${answer} in place of ${wanted.join(' ')}: gomill voids the game`);
      }
      return expectFailure(context, 'fixed_handicap 2', 'board not empty');
    },
  },
  {
    name: 'free handicap is taken',
    run: async context => {
      if (!context.commands.has('set_free_handicap'))
        return skip('no set_free_handicap: clients play the stones');
      return (
        (await mustSucceed(context, 'boardsize 9', 'clear_board', 'set_free_handicap C3 G7', 'play w E5')) ??
        pass()
      );
    },
  },
  {
    name: 'the score can be asked for at any time and changes nothing',
    run: async context => {
      const { engine, commands, moveMs } = context;
      if (!commands.has('final_score')) return skip('no final_score: match runners write "?"');
      const failed = await mustSucceed(context, 'boardsize 9', 'clear_board', 'komi 6.5', 'play b E5');
      if (failed) return failed;
      const answer = await engine.ask('final_score', moveMs);
      if (!isSuccess(answer) || !/^([BW]\+\d+(\.\d+)?|0)$/.test(bodyOf(answer)))
        return warn(`it answered "${answer.slice(0, 40)}"`);
      return (await mustSucceed(context, 'play w D5')) ?? pass(bodyOf(answer));
    },
  },
  {
    name: 'dead stones are listed',
    run: async context => {
      const { engine, commands, moveMs } = context;
      if (!commands.has('final_status_list')) return skip('no final_status_list: no rated games on KGS');
      const answer = await engine.ask('final_status_list dead', moveMs);
      return isSuccess(answer) ? pass() : fail(`it answered "${answer.slice(0, 40)}"`);
    },
  },
  {
    name: 'an analysis begins at once, has lines that clients parse, and ends with any line',
    run: async context => {
      const { engine, commands, moveMs } = context;
      const command = ['kata-analyze', 'lz-analyze'].find(name => commands.has(name));
      if (!command) return skip('no analysis: Sabaki and Lizzie show none');
      const failed = await mustSucceed(context, 'boardsize 9', 'clear_board');
      if (failed) return failed;
      engine.write(`41 ${command} b 10\n`);
      if (!(await engine.waitFor(/^info move /m, moveMs))) return fail('no line with "info" came');
      const started = performance.now();
      engine.write('# enough\n');
      const [answer = ''] = await engine.answers(1, 5000);
      const milliseconds = performance.now() - started;
      if (!answer.startsWith('=41 \n'))
        return fail(`it began "${JSON.stringify(answer.slice(0, 12))}", not "=41 " and a new line`);
      const info = answer.split('\n').find(line => line.startsWith('info '))!;
      if (/ {2}|NaN| $/.test(info))
        return fail('double blanks, NaN or a blank at the end: CGOS and Lizzie stumble');
      if (!/ pv [A-HJ-Z]\d+/.test(info)) return fail('no "pv" with a move: Sabaki drops the block');
      if (command === 'kata-analyze' && !/\bwinrate \d\.\d/.test(info))
        return warn('win rates without a decimal point');
      return milliseconds < 100
        ? pass(`ended in ${milliseconds.toFixed(0)} ms`)
        : warn(`a comment ended it after ${milliseconds.toFixed(0)} ms; more than 100 feels broken`);
    },
  },
  {
    name: 'a line of a megabyte gets its answer',
    run: async ({ engine, answerMs }) => {
      engine.write(`91 play b ${'x'.repeat(1 << 20)}\n92 name\n`);
      const answers = await engine.answers(2, answerMs);
      return answers[0]?.startsWith('?91') && answers[1]?.startsWith('=92')
        ? pass()
        : fail(`answers were "${answers.map(answer => answer.slice(0, 30)).join('", "')}"`);
    },
  },
];
