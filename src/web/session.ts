/**
 * Keeps the store in step with the server: which board is looked at, by the address of the page; what the server says of it;
 * and the same board again after the connection was lost.
 */
import {
  applyChange,
  colorOf,
  gameAt,
  lineTo,
  type BoardState,
  type MoveNode,
} from '../server/protocol/board.ts';
import type { ClientRequest, NewGame, ServerMessage } from '../server/protocol/messages.ts';
import { RequestError, type Connection, type ConnectionState, type Welcome } from './connection.ts';
import { Latest } from './latest.ts';
import { makeLink, parseLink, type Link } from './link.ts';
import type { Store } from './store.ts';
import { announcement, resultName } from './words.ts';

/** The part of the browser's address that says which board is looked at. */
export interface Address {
  read: () => string;
  /** @param isNew whether "back" returns to the board before */
  write: (hash: string, isNew: boolean) => void;
}

/** Memory of the one board that was made and never played on: it is opened again rather than another made. */
export interface Untouched {
  read: () => string | undefined;
  write: (board: string | undefined) => void;
}

export interface SessionOptions {
  readonly store: Store;
  readonly address: Address;
  readonly untouched: Untouched;
  /** The game that a visitor without a link finds. */
  readonly firstGame: () => NewGame;
}

export class Session {
  private readonly store: Store;
  private readonly options: SessionOptions;
  private readonly looks = new Latest();
  private readonly moves = new Latest();
  private toasts = 0;
  private connection: Pick<Connection, 'request'> | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.store = options.store;
  }

  /** The connection to ask through; it reports to {@link onMessage} and {@link onState}. */
  attach(connection: Pick<Connection, 'request'>): void {
    this.connection = connection;
  }

  onState(state: ConnectionState): void {
    this.store.connection.value = state;
  }

  onMessage(message: ServerMessage): void {
    const { store } = this;
    const board = store.board.value;
    switch (message.type) {
      case 'welcome':
        void this.begin(message);
        break;
      case 'board':
        this.showBoard(message.state);
        break;
      case 'change':
        if (!board || message.board !== board.board || message.revision <= board.revision) break;
        if (message.revision === board.revision + 1) {
          this.showChange(applyChange(board, message.change, message.revision), message.change.nodes);
        } else void this.ask({ type: 'open', board: board.board });
        break;
      case 'analysis':
        if (message.board === board?.board) store.keepAnalysis(message.analysis);
        break;
      case 'error':
        this.tell('error', sentence(message.message));
        break;
      case 'done':
      case 'goodbye':
    }
  }

  /** The address has changed by hand, by a link or by "back". */
  async followAddress(): Promise<void> {
    const link = parseLink(this.options.address.read());
    const board = this.store.board.value;
    if (!link) return;
    if (link.board === board?.board) this.lookAt(link.node);
    else await this.open(link);
  }

  /** Asks the server; what it refuses becomes a message. @returns whether it was done */
  async ask(request: ClientRequest): Promise<boolean> {
    try {
      const notice = await this.connection?.request(request);
      if (notice !== undefined) this.tell('note', sentence(notice));
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      // The banner says already that there is no connection.
      if (error.code !== 'lost') this.tell('error', sentence(error.message));
      return false;
    }
  }

  /** Shows a message that passes. */
  tell(kind: 'error' | 'note', text: string): void {
    const id = ++this.toasts;
    const others = this.store.toasts.value.filter(toast => toast.text !== text).slice(-2);
    this.store.toasts.value = [...others, { id, kind, text }];
  }

  /** Opens another board, and looks at the node of the link by itself. @returns whether there is one */
  async open(link: Link): Promise<boolean> {
    const before = this.store.board.value?.board;
    const isOpen = await this.ask({ type: 'open', board: link.board });
    if (isOpen) this.lookAt(link.node);
    else if (before !== undefined) this.options.address.write(makeLink({ board: before }), false);
    return isOpen;
  }

  /** Makes a board and opens it. */
  async create(game: NewGame): Promise<boolean> {
    if (!(await this.ask({ type: 'create', game }))) return false;
    const board = this.store.board.value;
    if (board?.analysis === 'off') await this.ask({ type: 'setAnalysis', mode: 'policy' });
    return true;
  }

  /** Looks at a node alone, or with everybody at what is on the board. A node that there is not is told. */
  lookAt(node: number | undefined): void {
    const board = this.store.board.value;
    if (!board) return;
    const isThere = node === undefined || lineTo(board, node) !== undefined;
    if (!isThere) this.tell('error', `The board has no position ${node}; here is what is on it now.`);
    this.store.detached.value = isThere ? node : undefined;
    if (node !== undefined && isThere) {
      this.store.prefer(node);
      this.askAbout(node);
    }
  }

  /** Puts a node on the board for all who look. It is shown at once, before the server's answer. */
  goTo(node: number): void {
    const { store } = this;
    store.wanted.value = node;
    store.prefer(node);
    this.moves.run(async () => {
      const isDone = await this.ask({ type: 'goto', node });
      if (!isDone || !this.moves.hasNext) store.wanted.value = undefined;
    });
  }

  /** First of all, and again after each loss: the board that was open, the link's, or a new one. */
  private async begin(welcome: Welcome): Promise<void> {
    const { store, options } = this;
    store.welcome.value = welcome;
    const open = store.board.value?.board;
    const { detached } = store;
    if (open !== undefined) {
      if ((await this.ask({ type: 'open', board: open })) && detached.value !== undefined)
        this.askAbout(detached.value);
      return;
    }
    const link = parseLink(options.address.read());
    if (link && (await this.open(link))) return;
    if (!welcome.canWrite) return;
    const untouched = options.untouched.read();
    if (untouched !== undefined && (await this.quietly({ type: 'open', board: untouched }))) {
      if (store.board.value?.nodes.length === 0) return;
    }
    if (await this.create(options.firstGame())) options.untouched.write(store.board.value?.board);
  }

  private async quietly(request: ClientRequest): Promise<boolean> {
    try {
      await this.connection?.request(request);
      return true;
    } catch {
      return false;
    }
  }

  private showBoard(state: BoardState): void {
    const { store, options } = this;
    const before = store.board.value?.board;
    store.showBoard(state);
    if (before === state.board) return;
    store.detached.value = undefined;
    const link = parseLink(options.address.read());
    if (link?.board !== state.board)
      options.address.write(makeLink({ board: state.board }), before !== undefined);
  }

  private showChange(state: BoardState, nodes: readonly MoveNode[] = []): void {
    const { store, options } = this;
    const before = store.board.value!;
    const { detached, wanted } = store;
    store.board.value = state;
    if (detached.value !== undefined && !lineTo(state, detached.value)) detached.value = undefined;
    if (wanted.value !== undefined && !lineTo(state, wanted.value)) wanted.value = undefined;
    if (state.current !== before.current) {
      store.prefer(state.current);
      const move = nodes.find(({ id }) => id === state.current);
      if (move) {
        store.spoken.value = describe(state, move);
        if (options.untouched.read() === state.board) options.untouched.write(undefined);
      }
    }
    if (state.result !== null && state.result !== before.result)
      store.spoken.value = `Game over: ${resultName(state.result)}`;
  }

  /** What the network says of a node that this browser looks at alone. */
  private askAbout(node: number): void {
    const { analyses, board } = this.store;
    if (analyses.value.has(node) || board.value?.analysis === 'off') return;
    this.looks.run(async () => {
      await this.quietly({ type: 'look', node });
    });
  }
}

/** A move as a screen reader says it. */
const describe = (state: BoardState, { id, parent, color, vertex }: MoveNode): string => {
  const player = colorOf(color);
  const capturedBy = (node: number): number => gameAt(state, node).board.captures[player];
  return announcement(color, vertex, capturedBy(id) - capturedBy(parent));
};

/** A message of the server as a sentence. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
