/**
 * Responses as text (GTP 2 specification, section 2.7). The status is always followed by a blank, even where nothing or a
 * line feed comes next, and the id is glued to it: GoGui cuts at the first blank, Lizzie parses the number.
 */

/** What may not stand in a response: control characters but TAB and LF. */
// oxlint-disable-next-line no-control-regex -- they are what the specification forbids
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A response that says the command succeeded, closed by its empty line. @param text may have several lines; empty ones are left out */
export const makeSuccess = (id: string, text = ''): string => `=${id} ${makeBody(text)}\n\n`;

/** A response that says the command failed, closed by its empty line. */
export const makeFailure = (id: string, message: string): string => `?${id} ${makeBody(message)}\n\n`;

/** An empty line would end the response: none inside, none at the end. One line feed at the start is harmless and kept. */
const makeBody = (text: string): string =>
  text
    .replace(CONTROLS, '')
    .replace(/\n{2,}/g, '\n')
    .replace(/\n+$/, '');
