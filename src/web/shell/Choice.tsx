/** One of a few, all in sight. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface ChoiceProps<Value extends string | number> {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly name: string; readonly title?: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** What is to be known of the choice made. */
  readonly note?: string | undefined;
  readonly isDisabled?: boolean;
}

export const Choice = <Value extends string | number>({
  legend,
  options,
  value,
  onChange,
  note,
  isDisabled = false,
}: ChoiceProps<Value>): JSX.Element => {
  const name = useId();
  return (
    <fieldset class="choice" disabled={isDisabled}>
      <legend>{legend}</legend>
      <div class="segments">
        {options.map(option => (
          <label key={option.value} title={option.title}>
            <input
              type="radio"
              class="unseen-input"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
      {note !== undefined && <small>{note}</small>}
    </fieldset>
  );
};
