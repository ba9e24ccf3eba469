/** The page's icons, drawn with one line; what they mean is said by the button around them. */
import type { JSX } from 'preact';

const PATHS = {
  plus: 'M12 5v14M5 12h14',
  open: 'M4 19V6a1 1 0 0 1 1-1h4l2 3h8a1 1 0 0 1 1 1v2M4 19l3-8h14l-3 8z',
  save: 'M12 4v11m0 0-4-4m4 4 4-4M5 20h14',
  link: 'M10 14a4 4 0 0 0 6 .4l2.6-2.6a4 4 0 0 0-5.6-5.6L11.7 7.5M14 10a4 4 0 0 0-6-.4l-2.6 2.6a4 4 0 0 0 5.6 5.6l1.3-1.3',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  help: 'M9.5 9.3a2.6 2.6 0 0 1 5 .8c0 1.8-2.5 2.1-2.5 3.9M12 17.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  light:
    'M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  system: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  close: 'M6 6l12 12M18 6 6 18',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  first: 'M18 6l-7 6 7 6zM7 6v12',
  previous: 'M15 6l-7 6 7 6z',
  next: 'M9 6l7 6-7 6z',
  last: 'M6 6l7 6-7 6zM17 6v12',
  undo: 'M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4',
  pass: 'M5 12h14m-5-5 5 5-5 5',
  flag: 'M6 21V4m0 1h11l-2.5 4L17 13H6',
  play: 'M8 5l11 7-11 7z',
  pause: 'M9 5v14M15 5v14',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6z',
  planes: 'M12 4 3 9l9 5 9-5zM4 13l8 4.5 8-4.5M4 17l8 4.5 8-4.5',
  count: 'M4 5h16v14H4zM4 12h16M12 5v14',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
