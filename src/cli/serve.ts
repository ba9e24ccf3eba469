/** `hane serve`: the board in the browser. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { Game } from '../../engine/game.ts';
import { writeMessage } from '../gtp/output.ts';
import { packageRoot } from '../packageRoot.ts';
import { openSearchThread, type SearchThread } from '../search/searchThread.ts';
import { StandingSearches } from '../search/standingSearches.ts';
import { DEFAULT_LIMITS } from '../server/limits.ts';
import { isLoopback, parseOrigin } from '../server/origins.ts';
import { openServer, type RunningServer, type ServerOptions } from '../server/server.ts';
import { UserError } from './errors.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { addNetworkOptions, networkOf, type NetworkOptions } from './networkOptions.ts';
import { ownVersion } from './ownVersion.ts';
import { wholeNumber } from './position.ts';

interface ServeOptions extends NetworkOptions {
  readonly host: string;
  readonly port?: number;
  readonly data?: string;
  readonly token?: string;
  readonly origin: readonly string[];
  readonly maxBoards: number;
  readonly maxViewers: number;
  readonly maxViewersPerAddress: number;
}

const HOST = '127.0.0.1';
const PORT = 8348;
const LARGEST_PORT = 65535;

/** Ports tried after the usual one. */
const MORE_PORTS = 9;

/** Positions of one batch, from all boards together. */
const MAX_BATCH = 16;

/** How long the network may take to end. */
const PATIENCE_MS = 3000;

/** Adds the command `serve`. */
export const addServeCommand = (program: Command): void => {
  const command = program
    .command('serve')
    .description('serve the board in the browser: play hane, and see what it sees')
    .option('--host <address>', 'address to listen at; others than this machine need a --token', HOST)
    .option(
      '--port <n>',
      `port to listen at, 0 for any (default: ${PORT}, or one of the next if it is taken)`,
      wholeNumber(0, LARGEST_PORT),
    )
    .option(
      '--data <folder>',
      'folder that keeps the boards (default: one of the user, for data of programs)',
    )
    .option('--token <text>', 'let only those who have this token change boards; others look')
    .option(
      '--origin <url>',
      'an address by which it also goes, or whose pages may connect too; may be given again',
      collectOrigins,
      [],
    )
    .option(
      '--max-boards <n>',
      'boards that are kept; the longest unused gives way',
      wholeNumber(1),
      DEFAULT_LIMITS.maxBoards,
    )
    .option('--max-viewers <n>', 'connections in all', wholeNumber(1), DEFAULT_LIMITS.maxViewers)
    .option(
      '--max-viewers-per-address <n>',
      'connections from one address; what they may send together goes by it, too',
      wholeNumber(1),
      DEFAULT_LIMITS.maxViewersPerAddress,
    );
  addNetworkOptions(command).action(runServe);
};

const runServe = async (options: ServeOptions): Promise<void> => {
  const { host, token, origin: origins } = options;
  const page = join(packageRoot, 'dist', 'web');
  if (!existsSync(join(page, 'index.html')))
    throw new UserError(`there is no page in ${page}: run "npm run build" first`);
  if (token === '') throw new UserError('--token "": must not be empty');
  if (!isLoopback(host) && token === undefined)
    writeMessage(
      `warning: everybody who reaches ${host} can play and change boards; --token <text> lets others only look`,
    );
  const openSearches = async (): Promise<SearchThread> => {
    const opened = await openSearchThread(
      { ...networkOf(options), maxBatch: MAX_BATCH, joinsBatches: true },
      changed => writeMessage(`the network runs on ${changed} from now on`),
    );
    // The first evaluation takes several times as long as those after it: nobody should have to wait for that.
    await opened.evaluate(new Game(), 0).catch(async (error: unknown) => {
      await opened.close();
      throw error;
    });
    return opened;
  };
  const searches = new StandingSearches(await openSearches(), openSearches, { warn: writeMessage });
  const end = (status: number): Promise<never> =>
    Promise.race([searches.close(), pause(PATIENCE_MS)]).then(() => process.exit(status));
  let server: RunningServer;
  try {
    server = await open(
      {
        searches,
        host,
        data: options.data ?? dataFolder(),
        page,
        token,
        origins,
        version: ownVersion(),
        limits: {
          maxBoards: options.maxBoards,
          maxViewers: options.maxViewers,
          maxViewersPerAddress: options.maxViewersPerAddress,
        },
        warn: writeMessage,
      },
      options.port,
    );
  } catch (error) {
    writeMessage(explain(error as NodeJS.ErrnoException, options));
    return end(2);
  }
  let isEnding = false;
  const onSignal = (): void => {
    if (isEnding) process.exit(INTERRUPTED);
    isEnding = true;
    writeMessage('saving the boards; once more to stop at once');
    server.close().then(
      () => end(0),
      (error: unknown) => {
        writeMessage(error instanceof Error ? error.message : String(error));
        return end(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.write(`The board is at ${server.address}\n`);
};

/** Without a wish, the usual port or one of the next. */
const open = async (
  options: Omit<ServerOptions, 'port'>,
  wish: number | undefined,
): Promise<RunningServer> => {
  for (let port = wish ?? PORT; ; port++) {
    try {
      return await openServer({ ...options, port });
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || wish !== undefined || port >= PORT + MORE_PORTS) throw error;
      writeMessage(`port ${port} is taken: trying ${port + 1}`);
    }
  }
};

const explain = (
  { code, message, path }: NodeJS.ErrnoException,
  { host, port, data = dataFolder() }: ServeOptions,
): string => {
  if (path !== undefined) return `--data ${data}: cannot keep boards there: ${message}`;
  if (code === 'EADDRINUSE')
    return port === undefined
      ? `ports ${PORT} to ${PORT + MORE_PORTS} are all taken: --port 0 takes any that is free`
      : `port ${port} is taken: --port 0 takes any that is free`;
  if (code === 'EACCES') return `port ${port ?? PORT} at ${host} is not allowed: ${message}`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `--host ${host}: this machine has no such address`;
  return message;
};

/** `hane` in the user's folder for data of programs. */
export const dataFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const folder =
    env['XDG_DATA_HOME'] ||
    (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ||
    join(homedir(), process.platform === 'darwin' ? 'Library/Application Support' : '.local/share');
  return join(folder, 'hane');
};

const collectOrigins = (text: string, known: readonly string[]): readonly string[] => {
  const origin = parseOrigin(text);
  if (origin === undefined) throw new InvalidArgumentError('must be like https://go.example.org');
  return [...known, origin];
};
