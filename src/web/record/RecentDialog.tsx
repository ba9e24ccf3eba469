/** The boards of before. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { closeDialog } from '../actions.ts';
import { makeLink } from '../link.ts';
import { session } from '../page.ts';
import { Button } from '../shell/Button.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { store } from '../store.ts';
import { forgetRecent, recentBoards } from './recent.ts';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const RecentDialog = (): JSX.Element => {
  const [boards, setBoards] = useState(recentBoards);
  return (
    <Dialog title="Recent boards" onClose={closeDialog}>
      {boards.length === 0 ? (
        <p>Boards that you have seen moves on are listed here, in this browser only.</p>
      ) : (
        <ul class="recent">
          {boards.map(({ board, title, moves, result, timeMs }) => (
            <li key={board}>
              <a
                href={makeLink({ board })}
                aria-current={board === store.board.value?.board ? 'page' : undefined}
                onClick={event => {
                  event.preventDefault();
                  void session.open({ board });
                  closeDialog();
                }}
              >
                <b>{title}</b>
                <small>
                  {[`${moves} ${moves === 1 ? 'move' : 'moves'}`, result ?? [], TIME.format(timeMs)]
                    .flat()
                    .join(' · ')}
                </small>
              </a>
              <Button
                label={`Take ${title} off the list`}
                icon="close"
                onClick={() => {
                  forgetRecent(board);
                  setBoards(recentBoards());
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
};
