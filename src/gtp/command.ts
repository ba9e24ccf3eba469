/** One line of input as a command (GTP 2 specification, sections 2.3 to 2.6 and 3.1). */

export interface GtpCommand {
  /** Digits as received; empty if there were none. */
  readonly id: string;
  /** Exact, case matters; empty if the line is an id only. */
  readonly name: string;
  readonly args: readonly string[];
}

/** All control characters but TAB, carriage returns included: clients that send CRLF are understood. */
// oxlint-disable-next-line no-control-regex -- they are what the specification tells us to drop
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f]/g;

/** Reads a line without its line feed; undefined if nothing is left without comment and blanks. */
export const parseCommand = (line: string): GtpCommand | undefined => {
  const comment = line.indexOf('#');
  const words = (comment < 0 ? line : line.slice(0, comment))
    .replace(CONTROLS, '')
    .replaceAll('\t', ' ')
    .trim()
    .split(/ +/);
  if (words[0] === '') return undefined;
  const id = /^\d+$/.test(words[0]) ? words[0] : '';
  const [name = '', ...args] = id === '' ? words : words.slice(1);
  return { id, name, args };
};

/** The line of a command, without its line feed. Assumes that no word holds blanks, control characters or `#`. */
export const makeCommand = ({ id, name, args }: GtpCommand): string =>
  [id, name, ...args].filter(word => word !== '').join(' ');
