/** The keys of the page: one list, from which they work and the help is written. */
import * as actions from './actions.ts';
import { saveRecord } from './record/files.ts';
import { store } from './store.ts';

export interface Shortcut {
  /** As KeyboardEvent.key has them, letters small; the first one is shown. */
  readonly keys: readonly string[];
  /** As shown. */
  readonly shown: string;
  readonly does: string;
  readonly run: () => void;
}

const step = (name: 'first' | 'previous' | 'next' | 'last' | 'above' | 'below') => (): void =>
  actions.showNode(store.steps.value[name]);

/** Turns the heat map on and off. */
export const toggleHeat = (): void => {
  store.overlay.value = store.overlay.value === 'none' ? 'policy' : 'none';
};

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['ArrowLeft'], shown: '←', does: 'Previous move', run: step('previous') },
  { keys: ['ArrowRight'], shown: '→', does: 'Next move', run: step('next') },
  { keys: ['ArrowUp'], shown: '↑', does: 'Variation before', run: step('above') },
  { keys: ['ArrowDown'], shown: '↓', does: 'Variation after', run: step('below') },
  { keys: ['Home'], shown: 'Home', does: 'Start of the game', run: step('first') },
  { keys: ['End'], shown: 'End', does: 'End of the line', run: step('last') },
  { keys: ['p'], shown: 'P', does: 'Pass', run: actions.pass },
  { keys: ['u'], shown: 'U', does: 'Undo', run: actions.undo },
  { keys: ['g'], shown: 'G', does: 'hane moves now', run: actions.generate },
  {
    keys: [' '],
    shown: 'Space',
    does: 'hane plays or waits',
    run: () => actions.setPlaying(!store.board.value?.isPlaying),
  },
  { keys: ['h'], shown: 'H', does: 'Heat map on and off', run: toggleHeat },
  {
    keys: ['m'],
    shown: 'M',
    does: 'Numbers on the heat map',
    run: () => {
      store.showNumbers.value = !store.showNumbers.value;
    },
  },
  { keys: ['n'], shown: 'N', does: 'New game', run: () => actions.openDialog('newGame') },
  { keys: ['s'], shown: 'S', does: 'Save as SGF', run: saveRecord },
  { keys: ['l'], shown: 'L', does: 'Copy a link to this position', run: () => void actions.copyLink() },
  {
    keys: ['f'],
    shown: 'F',
    does: 'The planes that the network sees',
    run: () => actions.openDialog('planes'),
  },
  { keys: ['?'], shown: '?', does: 'This help', run: () => actions.openDialog('help') },
];

/** Elements that use keys themselves: all, the arrows, the space bar. */
const USES_KEYS = 'input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog';
const USES_ARROWS = '[type=radio]';
const USES_SPACE = 'button, a, summary, input';

const isTaken = (key: string, target: Element): boolean =>
  target.closest(USES_KEYS) !== null ||
  (key.startsWith('Arrow') && target.matches(USES_ARROWS)) ||
  (key === ' ' && target.closest(USES_SPACE) !== null);

/** Has the keys work until the page ends. */
export const listenToKeys = (): void => {
  // A choice by mouse does not keep the focus, so that the arrow keys go on stepping through the game.
  addEventListener('mousedown', event => {
    // A form goes by its own rules: there Enter starts the game.
    if (store.dialog.value !== undefined) return;
    if (!(event.target instanceof Element) || !event.target.matches(USES_ARROWS)) return;
    event.preventDefault();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (store.dialog.value !== undefined) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (isTaken(event.key, target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const shortcut = SHORTCUTS.find(({ keys }) => keys.includes(key));
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  });
};
