/** How strong hane plays, with what that means. */
import type { JSX } from 'preact';
import { LEVELS, type Level } from '../../server/protocol/board.ts';
import { LEVEL_WORDS } from './newGame.ts';

interface LevelFieldProps {
  readonly label: string;
  readonly level: Level;
  readonly onChange: (level: Level) => void;
}

export const LevelField = ({ label, level, onChange }: LevelFieldProps): JSX.Element => (
  <label class="field level">
    <span>
      {label} <b>{level}</b>
    </span>
    <input
      type="range"
      min={LEVELS[0]}
      max={LEVELS.length}
      step={1}
      value={level}
      aria-valuetext={`${level}: ${LEVEL_WORDS[level]}`}
      onInput={event => onChange(event.currentTarget.valueAsNumber as Level)}
    />
    <small>{LEVEL_WORDS[level]}</small>
  </label>
);
