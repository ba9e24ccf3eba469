/** Says moves and results to a screen reader. */
import type { JSX } from 'preact';
import { store } from '../store.ts';

export const Announcer = (): JSX.Element => (
  <div class="visually-hidden" role="log" aria-live="polite" aria-label="Moves">
    {store.spoken.value}
  </div>
);
