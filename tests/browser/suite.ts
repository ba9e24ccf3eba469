/** What the tests in a browser share: one server and one Chromium for all tests of a file. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { Server, launch, whySkipped } from './support.ts';

/** There from the first test to the last. */
export interface Site {
  readonly server: Server;
  readonly browser: Browser;
}

/** Tests of the page; skipped, with the reason in their name, where they cannot run. @param tests may use the site within tests only */
export const inChromium = (tests: (site: Site) => void): void => {
  describe.skipIf(whySkipped !== undefined)(
    `the page in Chromium${whySkipped ? `: ${whySkipped}` : ''}`,
    () => {
      const site: { server?: Server; browser?: Browser } = {};
      beforeAll(async () => {
        [site.server, site.browser] = await Promise.all([Server.start(), launch()]);
      });
      afterAll(async () => {
        await site.browser?.close();
        await site.server?.remove();
      });
      tests(site as Site);
    },
  );
};
