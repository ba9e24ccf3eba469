/** Light or dark: as the system says, or as chosen. */
import { effect, signal, type Signal } from '@preact/signals';
import { oneOf, recall, remember } from '../storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme: Signal<Theme> = signal(recall('theme', oneOf(...THEMES)) ?? 'system');

/** Puts the theme on the page and keeps it. */
export const applyTheme = (): void => {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    remember('theme', theme.value === 'system' ? undefined : theme.value);
  });
};

/** The theme after this one, as the button turns them. */
export const nextTheme = (current: Theme): Theme => THEMES[(THEMES.indexOf(current) + 1) % THEMES.length];
