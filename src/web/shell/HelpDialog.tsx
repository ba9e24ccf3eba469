/** The keys, and what else is not seen at once. */
import type { JSX } from 'preact';
import { closeDialog } from '../actions.ts';
import { SHORTCUTS } from '../shortcuts.ts';
import { store } from '../store.ts';
import { Dialog } from './Dialog.tsx';

export const HelpDialog = (): JSX.Element => {
  const welcome = store.welcome.value;
  return (
    <Dialog title="Keys" onClose={closeDialog}>
      <dl class="keys">
        {SHORTCUTS.map(({ shown, does }) => (
          <div key={shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>
        <kbd>Tab</kbd> leads to the board: there the arrows move a cursor and <kbd>Enter</kbd> plays. In the
        move tree <kbd>Delete</kbd> removes the move with all that follows.
      </p>
      <p>Drop an SGF file anywhere to see it. Everybody who opens this page's link sees the same board.</p>
      {welcome && (
        <p class="faint">
          hane {welcome.version}, network {welcome.network}
        </p>
      )}
    </Dialog>
  );
};
