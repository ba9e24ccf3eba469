import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCommand, parseCommand } from '../../src/gtp/command.ts';

fc.configureGlobal({ seed: 1 });

test.each([
  ['name', { id: '', name: 'name', args: [] }],
  ['12 play b D4', { id: '12', name: 'play', args: ['b', 'D4'] }],
  ['007 name', { id: '007', name: 'name', args: [] }],
  ['  5\tplay\t\tw   q16\t ', { id: '5', name: 'play', args: ['w', 'q16'] }],
  ['name\r', { id: '', name: 'name', args: [] }],
  ['na\u0007me\u007f', { id: '', name: 'name', args: [] }],
  ['na\rme', { id: '', name: 'name', args: [] }],
  ['1 name # 2 version', { id: '1', name: 'name', args: [] }],
  ['name#1', { id: '', name: 'name', args: [] }],
  ['7', { id: '7', name: '', args: [] }],
  ['12genmove b', { id: '', name: '12genmove', args: ['b'] }],
  ['-1 name', { id: '', name: '-1', args: ['name'] }],
  ['\ufeffname', { id: '', name: 'name', args: [] }],
  ['1 2 3', { id: '1', name: '2', args: ['3'] }],
  ['123456789012345678901234567890 name', { id: '123456789012345678901234567890', name: 'name', args: [] }],
])('the line %j is read as a command', (line, command) => {
  expect(parseCommand(line)).toEqual(command);
});

test.each(['', ' ', '\t', '\r', '#', '# interrupt', '  # 1 name', '\u0000\u0001'])(
  'the line %j is no command',
  line => {
    expect(parseCommand(line)).toBeUndefined();
  },
);

const word = fc.stringMatching(/^[!"$-~]{1,12}$/);
const command = fc.record({
  id: fc.stringMatching(/^\d{0,9}$/),
  name: word.filter(text => !/^\d+$/.test(text)),
  args: fc.array(word, { maxLength: 6 }),
});

test('what makeCommand writes, parseCommand reads', () => {
  fc.assert(
    fc.property(command, wanted => {
      expect(parseCommand(makeCommand(wanted))).toEqual(wanted);
    }),
  );
});

test('control characters, comments and more blanks change nothing', () => {
  const control = fc.constantFrom('\r', '\u0000', '\u0008', '\u000b', '\u001f', '\u007f');
  const blank = fc.constantFrom(' ', '\t', '  ', ' \t ');
  const noise = fc.record({ controls: fc.array(control), blanks: fc.array(blank), comment: fc.string() });
  fc.assert(
    fc.property(command, noise, (wanted, { controls, blanks, comment }) => {
      let line = makeCommand(wanted).replaceAll(' ', () => blanks[0] ?? ' ');
      for (const [i, text] of controls.entries()) line = line.slice(0, i) + text + line.slice(i);
      expect(parseCommand(`${blanks.join('')}${line}${blanks.join('')}#${comment}`)).toEqual(wanted);
    }),
  );
});

test('no line makes the parser throw, and no word holds blanks, control characters or comments', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), line => {
      const read = parseCommand(line);
      for (const text of read ? [read.name, ...read.args] : []) expect(text).not.toMatch(/[\p{Cc} #]/u);
    }),
  );
});
