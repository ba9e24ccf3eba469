/** All commands. The order is that of `list_commands`; a new group of commands is one more line here. */
import { adminHandlers } from './admin.ts';
import { analyzeHandlers, unlistedAnalyzeHandlers } from './analyze.ts';
import { boardHandlers } from './board.ts';
import { clockHandlers } from './clock.ts';
import { goguiHandlers } from './gogui.ts';
import { drawingHandlers } from './goguiDrawings.ts';
import { handicapHandlers } from './handicap.ts';
import type { Handler, Handlers } from './handler.ts';
import { networkHandlers } from './network.ts';
import { parameterHandlers } from './parameters.ts';
import { playHandlers } from './play.ts';
import { recordHandlers } from './records.ts';
import { rulesHandlers } from './rules.ts';
import { scoreHandlers } from './score.ts';
import { serverHandlers } from './servers.ts';
import { setupHandlers } from './setup.ts';

/** Everything the engine understands, with `protocol_version` first. */
export const createHandlers = (): Handlers => {
  const handlers: Handlers = new Map<string, Handler>(
    [
      adminHandlers(() => handlers, new Set(Object.keys(unlistedAnalyzeHandlers))),
      setupHandlers,
      playHandlers,
      handicapHandlers,
      clockHandlers,
      scoreHandlers,
      boardHandlers,
      recordHandlers,
      rulesHandlers,
      parameterHandlers,
      analyzeHandlers,
      networkHandlers,
      goguiHandlers,
      drawingHandlers,
      serverHandlers,
      unlistedAnalyzeHandlers,
    ].flatMap(group => Object.entries(group)),
  );
  return handlers;
};
