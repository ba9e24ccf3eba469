/** A button of a bar or a panel: an icon, a label, or both. */
import type { JSX } from 'preact';
import { Icon, type IconName } from './Icon.tsx';

export interface ButtonProps {
  /** What it does, also said where only the icon is seen. */
  readonly label: string;
  readonly icon?: IconName;
  /** Where the label is seen: always, on wide screens only, or never. */
  readonly text?: 'always' | 'wide' | 'never';
  /** The key that does the same, shown in the tip. */
  readonly shortcut?: string;
  readonly kind?: 'plain' | 'primary' | 'danger';
  readonly isDisabled?: boolean;
  /** For a button that switches something on and off. */
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}

export const Button = ({
  label,
  icon,
  text = icon ? 'never' : 'always',
  shortcut,
  kind = 'plain',
  isDisabled = false,
  isPressed,
  onClick,
}: ButtonProps): JSX.Element => (
  <button
    type="button"
    class={`button button-${kind} label-${text}`}
    aria-label={text === 'always' ? undefined : label}
    aria-pressed={isPressed}
    aria-keyshortcuts={shortcut}
    title={shortcut ? `${label} (${shortcut})` : text === 'always' ? undefined : label}
    disabled={isDisabled}
    onClick={onClick}
  >
    {icon && <Icon name={icon} />}
    {text !== 'never' && <span class="button-label">{label}</span>}
  </button>
);
