/** Asks before moves are taken out of the tree: that cannot be undone. */
import type { JSX } from 'preact';
import { closeDialog, removeNode } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { store } from '../store.ts';
import { removalName } from '../words.ts';

export const RemoveDialog = (): JSX.Element => {
  const text = removalName(store.index.value, store.node.value);
  return (
    <Dialog title="Remove this move?" onClose={closeDialog}>
      <p>{text}. This cannot be undone.</p>
      <footer class="dialog-footer">
        <Button label="Keep" onClick={closeDialog} />
        <Button
          label="Remove"
          kind="danger"
          onClick={() => {
            closeDialog();
            void removeNode();
          }}
        />
      </footer>
    </Dialog>
  );
};
