/** Serves the built page: files of one folder, read at the start, and nothing else. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { isHostAllowed, type ServerNames } from './origins.ts';

/** The built assets have their content's hash in their names. */
const HASHED = /^\/assets\//;
const A_YEAR = 365 * 24 * 60 * 60;

/**
 * Only what comes from here runs. The board (Shudan) sets styles on its elements; records are saved through blobs. Safari knows
 * websockets only by name.
 */
const contentPolicy = (host: string): string =>
  [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** @param folder of the built page; files that come later are not served */
export const servePage = (folder: string, names: ServerNames): RequestListener => {
  const files = sirv(folder, {
    etag: true,
    setHeaders: (response, pathname) =>
      response.setHeader(
        'Cache-Control',
        HASHED.test(pathname) ? `public, max-age=${A_YEAR}, immutable` : 'no-cache',
      ),
  });
  return (request, response) => {
    const { host } = request.headers;
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!isHostAllowed(host, names))
      return refuse(
        response,
        421,
        'This server does not go by that name: hane serve --origin <url> gives it one.',
      );
    response.setHeader('Content-Security-Policy', contentPolicy(host));
    if (!isReading(request)) {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'Only GET and HEAD.');
    }
    files(request, response, () => refuse(response, 404, 'There is no such page.'));
  };
};

const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${message}\n`);
};
