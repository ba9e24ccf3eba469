/** Boards and sockets for tests of the page. */
import type { BoardState, MoveNode } from '../../src/server/protocol/board.ts';
import type { ClientMessage, ServerMessage } from '../../src/server/protocol/messages.ts';
import type { Socket } from '../../src/web/connection.ts';

/** Moves written "1<0 B D4": id, parent, color, vertex. */
export const movesOf = (...texts: readonly string[]): MoveNode[] =>
  texts.map(text => {
    const [ids, color, vertex] = text.split(' ');
    const [id, parent] = ids.split('<').map(Number);
    return { id, parent, color: color === 'B' ? 'B' : 'W', vertex };
  });

/** A board of 9x9 between people, with some fields changed. */
export const boardOf = (some: Partial<BoardState> = {}): BoardState => ({
  board: 'abcdefghijklmnopqrstuv',
  revision: 1,
  start: { width: 9, height: 9, komi: 7.5, rules: 'chinese', handicap: 0, setup: [], toPlay: 'B' },
  black: 'human',
  white: 'human',
  seconds: 1,
  names: {},
  nodes: [],
  current: 0,
  isPlaying: true,
  isThinking: false,
  analysis: 'policy',
  scoring: null,
  result: null,
  resultNode: null,
  outlooks: [],
  viewers: 1,
  ...some,
});

/** A socket whose other end is the test. */
export class FakeSocket extends EventTarget implements Socket {
  readonly sent: ClientMessage[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage);
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  receive(message: ServerMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  /** Opens, and accepts the hello. */
  welcome(canWrite = true): void {
    this.open();
    const id = this.sent.at(-1)!.id;
    this.receive({ type: 'welcome', protocol: 1, version: '1', network: 'n', outputs: [], canWrite });
    this.receive({ type: 'done', id });
  }

  lose(): void {
    this.dispatchEvent(new Event('close'));
  }
}
