/** All commands. The order is that of `list_commands`; a new group of commands is one more line here. */
import { adminHandlers } from './admin.ts';
import { boardHandlers } from './board.ts';
import { clockHandlers } from './clock.ts';
import { handicapHandlers } from './handicap.ts';
import type { Handler, Handlers } from './handler.ts';
import { playHandlers } from './play.ts';
import { recordHandlers } from './records.ts';
import { rulesHandlers } from './rules.ts';
import { scoreHandlers } from './score.ts';
import { setupHandlers } from './setup.ts';

/** Everything the engine understands, with `protocol_version` first. */
export const createHandlers = (): Handlers => {
  const handlers: Handlers = new Map<string, Handler>(
    [
      adminHandlers(() => handlers),
      setupHandlers,
      playHandlers,
      handicapHandlers,
      clockHandlers,
      scoreHandlers,
      boardHandlers,
      recordHandlers,
      rulesHandlers,
    ].flatMap(group => Object.entries(group)),
  );
  return handlers;
};
