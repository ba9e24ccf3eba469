/** Who goes on with the game that is on the board: people, or hane at a level. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  SEARCH_LEVEL,
  THINKING_SECONDS,
  type BoardState,
  type ColorLetter,
  type Level,
  type Seat,
} from '../../server/protocol/board.ts';
import { closeDialog, setPlayers } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import { Choice } from '../shell/Choice.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { store } from '../store.ts';
import { colorName, sizeNote } from '../words.ts';
import { LevelField } from './LevelField.tsx';

type Players = Pick<BoardState, 'black' | 'white' | 'seconds'>;

const NOBODY: Players = { black: 'human', white: 'human', seconds: 1 };

export const PlayersDialog = (): JSX.Element => {
  const [players, setChosen] = useState<Players>(() => store.board.value ?? NOBODY);
  const { black, white, seconds } = players;
  const change = (some: Partial<Players>): void => setChosen({ ...players, ...some });
  const start = store.board.value?.start;
  const note = start && (black !== 'human' || white !== 'human') ? sizeNote(start) : undefined;
  return (
    <Dialog title="Players" onClose={closeDialog}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault();
          closeDialog();
          setPlayers({ black, white, seconds });
        }}
      >
        <SeatField color="B" seat={black} onChange={seat => change({ black: seat })} />
        <SeatField color="W" seat={white} onChange={seat => change({ white: seat })} />
        {note !== undefined && <small>{note}</small>}
        {[black, white].includes(SEARCH_LEVEL) && (
          <Choice
            legend="hane thinks about a move"
            options={THINKING_SECONDS.map(each => ({ value: each, name: `${each} s` }))}
            value={seconds}
            onChange={each => change({ seconds: each })}
          />
        )}
        <footer class="dialog-footer">
          <Button label="Cancel" onClick={closeDialog} />
          <button type="submit" class="button button-primary" autofocus>
            Change
          </button>
        </footer>
      </form>
    </Dialog>
  );
};

interface SeatFieldProps {
  readonly color: ColorLetter;
  readonly seat: Seat;
  readonly onChange: (seat: Seat) => void;
}

const SeatField = ({ color, seat, onChange }: SeatFieldProps): JSX.Element => {
  // Kept while people are tried instead.
  const [level, setLevel] = useState<Level>(seat === 'human' ? SEARCH_LEVEL : seat);
  return (
    <>
      <Choice
        legend={colorName(color)}
        options={[
          { value: 'human', name: 'A person' },
          { value: 'hane', name: 'hane' },
        ]}
        value={seat === 'human' ? 'human' : 'hane'}
        onChange={each => onChange(each === 'human' ? 'human' : level)}
      />
      {seat !== 'human' && (
        <LevelField
          label={`Level of ${colorName(color)}`}
          level={seat}
          onChange={each => {
            setLevel(each);
            onChange(each);
          }}
        />
      )}
    </>
  );
};
