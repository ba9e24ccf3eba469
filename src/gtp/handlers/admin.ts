/** Commands about the engine itself (GTP 2 specification, section 6.3.1). */
import { GtpError } from '../gtpError.ts';
import type { Handler, Handlers } from './handler.ts';

/**
 * @param handlers gives all handlers there are, these included; asked when a command comes
 * @param unlisted commands that are understood and not listed
 */
export const adminHandlers = (
  handlers: () => Handlers,
  unlisted: ReadonlySet<string>,
): Record<string, Handler> => ({
  // First of all commands: LizzieYzy takes the list only if it begins with this line.
  protocol_version: () => '2',
  name: ({ engine }) => engine.identity.name,
  version: ({ engine }) => engine.identity.version,
  known_command: (_, [name]) => {
    if (name === undefined) throw new GtpError('syntax error');
    return String(handlers().has(name));
  },
  list_commands: () => [...handlers().keys()].filter(name => !unlisted.has(name)).join('\n'),
  quit: session => session.quit(),
});
