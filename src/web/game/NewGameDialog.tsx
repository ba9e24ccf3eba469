/** Choosing a new game. What was chosen last is what it begins with. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { BOARD_SIZES, SEARCH_LEVEL, THINKING_SECONDS } from '../../server/protocol/board.ts';
import type { NewGame } from '../../server/protocol/messages.ts';
import { closeDialog } from '../actions.ts';
import { session } from '../page.ts';
import { Button } from '../shell/Button.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { Choice } from '../shell/Choice.tsx';
import { recall, remember } from '../storage.ts';
import { sizeNote } from '../words.ts';
import { LevelField } from './LevelField.tsx';
import {
  LARGEST_KOMI,
  RULE_NAMES,
  SIDES,
  SMALLEST_KOMI,
  isKomi,
  makeNewGame,
  parseChoices,
  usualKomi,
  type Choices,
  type Side,
} from './newGame.ts';

const SIDE_NAMES: Readonly<Record<Side, string>> = {
  black: 'Black',
  white: 'White',
  both: 'Both',
  watch: 'Neither: watch hane',
};

const HANDICAPS = [0, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export const NewGameDialog = (): JSX.Element => {
  const [choices, setChoices] = useState(() => parseChoices(recall('choices', value => value)));
  const { side, level, whiteLevel, seconds, size, komi, handicap, rules } = choices;
  const change = (some: Partial<Choices>): void => setChoices({ ...choices, ...some });
  /** Handicap and rules bring their usual komi along. */
  const changeTerms = (some: Partial<Pick<Choices, 'handicap' | 'rules'>>): void => {
    const terms = { handicap, rules, ...some };
    change({ ...terms, komi: usualKomi(terms.handicap, terms.rules) });
  };
  const start = async (): Promise<void> => {
    remember('choices', choices);
    if (await session.create(makeNewGame(choices))) closeDialog();
  };
  const hasHane = side !== 'both';
  const searches = hasHane && (level === SEARCH_LEVEL || (side === 'watch' && whiteLevel === SEARCH_LEVEL));
  return (
    <Dialog title="New game" onClose={closeDialog}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault();
          if (isKomi(komi)) void start();
        }}
      >
        <Choice
          legend="You play"
          options={SIDES.map(each => ({ value: each, name: SIDE_NAMES[each] }))}
          value={side}
          onChange={each => change({ side: each })}
        />
        {hasHane && (
          <LevelField
            label={side === 'watch' ? 'Level of Black' : 'Level of hane'}
            level={level}
            onChange={each => change({ level: each })}
          />
        )}
        {side === 'watch' && (
          <LevelField
            label="Level of White"
            level={whiteLevel}
            onChange={each => change({ whiteLevel: each })}
          />
        )}
        {searches && (
          <Choice
            legend="hane thinks about a move"
            options={THINKING_SECONDS.map(each => ({ value: each, name: `${each} s` }))}
            value={seconds}
            onChange={each => change({ seconds: each })}
          />
        )}
        <Choice
          legend="Board"
          options={BOARD_SIZES.map(each => ({ value: each, name: `${each}×${each}` }))}
          value={size}
          onChange={each => change({ size: each })}
          note={sizeNote({ width: size, height: size })}
        />
        <div class="fields">
          <label class="field">
            <span>Handicap</span>
            <select
              value={handicap}
              onChange={event => changeTerms({ handicap: Number(event.currentTarget.value) })}
            >
              {HANDICAPS.map(each => (
                <option key={each} value={each}>
                  {each === 0 ? 'None' : `${each} stones`}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>Komi</span>
            <input
              type="number"
              step={0.5}
              min={SMALLEST_KOMI}
              max={LARGEST_KOMI}
              required
              value={Number.isNaN(komi) ? '' : komi}
              onInput={event => change({ komi: event.currentTarget.valueAsNumber })}
            />
          </label>
          <label class="field">
            <span>Rules</span>
            <select
              value={rules}
              onChange={event => changeTerms({ rules: event.currentTarget.value as NewGame['rules'] })}
            >
              {Object.entries(RULE_NAMES).map(([name, text]) => (
                <option key={name} value={name}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        </div>
        <footer class="dialog-footer">
          <Button label="Cancel" onClick={closeDialog} />
          <button type="submit" class="button button-primary" autofocus>
            Start
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
