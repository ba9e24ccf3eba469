/**
 * Who may talk to the server. Any web page can make a browser send requests to this machine, and can have its own name resolve
 * to it (DNS rebinding); the names in Host and Origin, which pages cannot change, tell.
 */
import { BlockList, isIP } from 'node:net';

/** A name or address, and a port. */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/;

/** A name that nobody can have in the public DNS: without a dot, or of multicast DNS (RFC 6762, section 3). */
const LOCAL_NAME = /^[a-z0-9_-]+(?:\.local)?$/;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What a server goes by. */
export interface ServerNames {
  /** The address or name that it listens at. */
  readonly bound: string;
  /** Its addresses elsewhere, and those of other pages that may connect. */
  readonly origins: readonly string[];
}

/** Whether only this machine reaches an address. */
export const isLoopback = (host: string): boolean => {
  const bare = withoutBrackets(host);
  const version = isIP(bare);
  return bare === 'localhost' || (version > 0 && loopback.check(bare, version === 4 ? 'ipv4' : 'ipv6'));
};

/**
 * Whether requests with this Host are meant for this server. It answers to the name that it is bound to and those of the origins
 * that are allowed. Bound to this machine only, it goes by the machine's own names beside; bound to others, by any address and any
 * name of the local network. All other names can be somebody else's.
 */
export const isHostAllowed = (host: string | undefined, { bound, origins }: ServerNames): host is string => {
  if (host === undefined || !HOST.test(host)) return false;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (name === bound.toLowerCase() || isLoopback(name)) return true;
  if (origins.some(origin => hostOf(origin) === host.toLowerCase())) return true;
  return !isLoopback(bound) && (isIP(withoutBrackets(name)) > 0 || LOCAL_NAME.test(name));
};

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Whether pages of this Origin may connect: those that came from here, and those allowed. Programs send none. */
export const isOriginAllowed = (
  origin: string | undefined,
  host: string,
  origins: readonly string[],
): boolean => origin === undefined || origins.includes(origin) || hostOf(origin) === host.toLowerCase();

/** An origin as browsers send it, "https://go.example.org"; undefined if the text is none. */
export const parseOrigin = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
};

/** The Host that goes with an origin. */
const hostOf = (origin: string): string | undefined =>
  parseOrigin(origin) === undefined ? undefined : new URL(origin).host;

/**
 * The address that limits count by: of IPv6 the network, since a single user has as many addresses in it as he likes.
 * @param address of the socket; undefined once it is gone
 */
export const limitedAddress = (address: string | undefined): string => {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (mapped) return mapped[1];
  if (isIP(address) !== 6) return address;
  const [head, tail] = address.split('%')[0].split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
};
