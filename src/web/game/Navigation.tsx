/** First, previous, next, last: through the line that is shown. */
import type { JSX } from 'preact';
import { showNode } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import type { IconName } from '../shell/Icon.tsx';
import { store } from '../store.ts';

const STEPS = [
  { name: 'first', label: 'Start', shortcut: 'Home' },
  { name: 'previous', label: 'Previous move', shortcut: 'ArrowLeft' },
  { name: 'next', label: 'Next move', shortcut: 'ArrowRight' },
  { name: 'last', label: 'End', shortcut: 'End' },
] as const satisfies readonly {
  readonly name: IconName;
  readonly label: string;
  readonly shortcut: string;
}[];

export const Navigation = (): JSX.Element => {
  const steps = store.steps.value;
  const move = store.index.value.depths.get(store.node.value) ?? 0;
  return (
    <nav class="navigation" aria-label="Moves">
      {STEPS.slice(0, 2).map(step => (
        <StepButton key={step.name} {...step} target={steps[step.name]} />
      ))}
      <span class="move-number">{move}</span>
      {STEPS.slice(2).map(step => (
        <StepButton key={step.name} {...step} target={steps[step.name]} />
      ))}
    </nav>
  );
};

interface StepButtonProps {
  readonly name: IconName;
  readonly label: string;
  readonly shortcut: string;
  readonly target: number | undefined;
}

const StepButton = ({ name, label, shortcut, target }: StepButtonProps): JSX.Element => (
  <Button
    label={label}
    icon={name}
    shortcut={shortcut}
    isDisabled={target === undefined}
    onClick={() => showNode(target)}
  />
);
