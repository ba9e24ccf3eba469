import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeFailure, makeSuccess } from '../../src/gtp/response.ts';

fc.configureGlobal({ seed: 1 });

test.each([
  [makeSuccess(''), '= \n\n'],
  [makeSuccess('12'), '=12 \n\n'],
  [makeSuccess('12', 'D4'), '=12 D4\n\n'],
  [makeSuccess('', 'a\nb\n'), '= a\nb\n\n'],
  [makeSuccess('', 'a\n\n\nb\r\n\r\nc'), '= a\nb\nc\n\n'],
  [makeSuccess('', '\n a b\n'), '= \n a b\n\n'],
  [makeFailure('', 'unknown command'), '? unknown command\n\n'],
  [makeFailure('7', 'illegal move'), '?7 illegal move\n\n'],
])('a response is %j', (response, text) => {
  expect(response).toBe(text);
});

test('a response is ended by its only empty line, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^\d{0,5}$/),
      fc.string({ unit: fc.constantFrom('\n', '\r', ' ', '\t', 'a', '=', '?', '\u0000', '囲') }),
      (id, text) => {
        for (const response of [makeSuccess(id, text), makeFailure(id, text)]) {
          expect(response.slice(1, id.length + 2)).toBe(`${id} `);
          expect(response.indexOf('\n\n')).toBe(response.length - 2);
          expect(response).not.toMatch(/[\r\0]/);
        }
      },
    ),
  );
});
