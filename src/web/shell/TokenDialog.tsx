/** Takes the token that gives the right to change boards. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { closeDialog } from '../actions.ts';
import { enterToken } from '../page.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

export const TokenDialog = (): JSX.Element => {
  const [token, setToken] = useState('');
  return (
    <Dialog title="Token" onClose={closeDialog}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault();
          closeDialog();
          enterToken(token.trim());
        }}
      >
        <label class="field">
          <span>Whoever runs the server has it</span>
          <input
            type="password"
            autocomplete="off"
            required
            maxLength={256}
            value={token}
            onInput={event => setToken(event.currentTarget.value)}
          />
        </label>
        <footer class="dialog-footer">
          <Button label="Cancel" onClick={closeDialog} />
          <button type="submit" class="button button-primary">
            Use it
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
