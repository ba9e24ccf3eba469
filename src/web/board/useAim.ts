/** Which point the viewer means, by mouse, finger or keyboard. */
import { useEffect, useState } from 'preact/hooks';
import type { Game } from '../../../engine/game.ts';
import {
  SMALL_VERTEX_PX,
  isTapOn,
  moveCursor,
  placeAt,
  placeOf,
  vertexOf,
  type BoardGeometry,
  type Place,
} from './geometry.ts';
import { isSamePlace } from './stones.ts';

export interface AimOptions {
  readonly game: Game;
  readonly geometry: BoardGeometry;
  /** Where the cursor first is; the middle of the board if undefined. */
  readonly lastMove: string | undefined;
  /** Whether a place may be chosen. */
  readonly mayChoose: (place: Place) => boolean;
  /** Whether a tap on a small board only aims, and the next one chooses. */
  readonly needsSecondTap: boolean;
  readonly onChoose: (vertex: string) => void;
  readonly onHover: (vertex: string | undefined) => void;
}

/** Where the viewer points, and the handlers for the board's element that find it out. */
export interface Aim {
  /** Under the mouse. */
  readonly hovered: Place | undefined;
  /** Tapped once; another tap chooses it. */
  readonly tapped: Place | undefined;
  /** The keyboard's, while the board is focused by it. */
  readonly cursor: Place | undefined;
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onMouseDown: (event: MouseEvent) => void;
    readonly onClick: (event: MouseEvent) => void;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
}

export const useAim = (options: AimOptions): Aim => {
  const { game, geometry, lastMove, mayChoose, needsSecondTap, onChoose, onHover } = options;
  const [hovered, setHovered] = useState<Place | undefined>();
  const [tapped, setTapped] = useState<Place | undefined>();
  const [cursor, setCursor] = useState<Place | undefined>();
  const [isTouch, setTouch] = useState(false);

  // A stone aimed at belongs to the position it was aimed in.
  useEffect(() => setTapped(undefined), [game]);

  const report = (place: Place | undefined): void => onHover(place && vertexOf(place, game));
  const choose = (place: Place): void => {
    setTapped(undefined);
    if (mayChoose(place)) onChoose(vertexOf(place, game));
  };
  const hover = (place: Place | undefined): void => {
    if (isSamePlace(place, hovered)) return;
    setHovered(place);
    report(place);
  };
  const moveTo = (place: Place): void => {
    setCursor(place);
    report(place);
  };

  const onClick = (event: MouseEvent): void => {
    const [left, top] = positionOf(event);
    if (isTouch && tapped && isTapOn(geometry, tapped, left, top)) return choose(tapped);
    const place = placeAt(geometry, left, top);
    if (!place) return setTapped(undefined);
    if (!isTouch || !needsSecondTap || geometry.vertexSize >= SMALL_VERTEX_PX) return choose(place);
    setTapped(mayChoose(place) ? place : undefined);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!cursor || event.ctrlKey || event.altKey || event.metaKey) return;
    const moved = moveCursor(cursor, event.key, game);
    if (moved) moveTo(moved);
    else if (event.key === 'Enter' || event.key === ' ') choose(cursor);
    else return;
    // The page's own keys step through the game.
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    hovered: isTouch ? undefined : hovered,
    tapped,
    cursor,
    handlers: {
      onPointerMove: event => {
        if (event.pointerType === 'touch') return;
        setTouch(false);
        hover(placeAt(geometry, ...positionOf(event)));
      },
      onPointerDown: event => setTouch(event.pointerType === 'touch'),
      onPointerLeave: () => hover(undefined),
      // A click does not take the focus, so that the arrow keys go on stepping through the game.
      onMouseDown: event => event.preventDefault(),
      onClick,
      onFocus: event => {
        if (!(event.currentTarget as Element).matches(':focus-visible')) return;
        moveTo(
          cursor ??
            (lastMove === undefined ? undefined : placeOf(lastMove, game)) ?? {
              x: game.width >> 1,
              y: game.height >> 1,
            },
        );
      },
      onBlur: () => {
        setCursor(undefined);
        report(undefined);
      },
      onKeyDown,
    },
  };
};

/** Where an event happened within the element that listens, in CSS pixels. */
const positionOf = (event: MouseEvent): [left: number, top: number] => {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
