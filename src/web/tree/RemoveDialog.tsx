/** Asks before moves are taken out of the tree: that cannot be undone. */
import type { JSX } from 'preact';
import { closeDialog, removeNode } from '../actions.ts';
import { countBelow } from '../moveIndex.ts';
import { Button } from '../shell/Button.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { store } from '../store.ts';
import { moveName } from '../words.ts';

export const RemoveDialog = (): JSX.Element => {
  const index = store.index.value;
  const node = store.node.value;
  const move = index.byId.get(node);
  const below = countBelow(index, node);
  return (
    <Dialog title="Remove this move?" onClose={closeDialog}>
      <p>
        {move && `${index.depths.get(node)}. ${moveName(move.color, move.vertex)}`}
        {below > 0 && ` and ${below === 1 ? 'the move' : `the ${below} moves`} after it`}. This cannot be
        undone.
      </p>
      <footer class="dialog-footer">
        <Button label="Keep" onClick={closeDialog} />
        <Button
          label="Remove"
          kind="danger"
          onClick={() => {
            closeDialog();
            removeNode();
          }}
        />
      </footer>
    </Dialog>
  );
};
