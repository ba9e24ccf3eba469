/** Asks before a game is given up. */
import type { JSX } from 'preact';
import { closeDialog, resign, resigningColor } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { colorName, otherColor } from '../words.ts';

export const ResignDialog = (): JSX.Element => {
  const color = resigningColor();
  return (
    <Dialog title={`Resign as ${colorName(color)}?`} onClose={closeDialog}>
      <p>{colorName(otherColor(color))} wins the game.</p>
      <footer class="dialog-footer">
        <Button label="Play on" onClick={closeDialog} />
        <Button
          label="Resign"
          kind="danger"
          onClick={() => {
            closeDialog();
            resign();
          }}
        />
      </footer>
    </Dialog>
  );
};
