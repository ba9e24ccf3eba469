/** The 48 planes of a position, one by one and all together. */
import { useId, useMemo, useState } from 'preact/hooks';
import type { Game } from '../../../engine/game.ts';
import { BLACK } from '../../../engine/types.ts';
import { PLANES, PLANE_GROUPS, describePlane, planeName, type PlaneGroup } from '../../../features/planes.ts';
import './analysis.css';
import { PlaneBoard } from './PlaneBoard.tsx';
import { countPoints, countText, planePath, planesOf } from './planeView.ts';

export interface PlanesViewerProps {
  /** The position. Taken for unchanged as long as it is the same object. */
  readonly game: Game;
}

export const PlanesViewer = ({ game }: PlanesViewerProps) => {
  const [shown, setShown] = useState(0);
  const name = useId();
  const planes = useMemo(() => planesOf(game), [game]);
  const paths = useMemo(() => planes.map(plane => planePath(plane, game.width)), [planes]);
  const step = (by: number): void => setShown((shown + by + PLANES) % PLANES);
  return (
    <div class="planes">
      <div class="planes-split">
        <section class="plane-shown" aria-label="The plane shown">
          <div class="plane-head">
            <button type="button" aria-label="Previous plane" onClick={() => step(-1)}>
              ‹
            </button>
            <h3>
              <small>
                {shown + 1} of {PLANES}
              </small>
              {planeName(shown)}
            </h3>
            <button type="button" aria-label="Next plane" onClick={() => step(1)}>
              ›
            </button>
          </div>
          <PlaneBoard game={game} plane={planes[shown]} />
          <p class="plane-meaning" aria-live="polite">
            A 1 means: {describePlane(shown)}. <span>{countText(countPoints(planes[shown]))}</span>
          </p>
          <p class="plane-note">
            As seen by {game.toPlay === BLACK ? 'Black' : 'White'}, the player to move: the network knows no
            colors, only own and opponent.
          </p>
        </section>
        <fieldset class="plane-groups">
          <legend class="visually-hidden">All planes</legend>
          {PLANE_GROUPS.map(group => (
            <div class={`plane-group${group.planes === 1 ? ' is-single' : ''}`} key={group.name}>
              {group.planes > 1 && <h4>{group.name}</h4>}
              {Array.from({ length: group.planes }, (_, i) => group.first + i).map(plane => (
                <label key={plane} title={describePlane(plane)}>
                  <input
                    type="radio"
                    class="unseen-input"
                    // Arrow keys go from plane to plane at once.
                    autofocus={plane === shown}
                    name={name}
                    aria-label={planeName(plane)}
                    checked={plane === shown}
                    onChange={() => setShown(plane)}
                  />
                  <svg viewBox={`0 0 ${game.width} ${game.height}`} aria-hidden="true">
                    <path d={paths[plane]} />
                  </svg>
                  <small>{shortName(plane, group)}</small>
                </label>
              ))}
            </div>
          ))}
        </fieldset>
      </div>
    </div>
  );
};

/** A plane's name under its group's heading: only the count, if it has one. */
const shortName = (plane: number, group: PlaneGroup): string =>
  group.planes === 1 ? group.name : planeName(plane).slice(group.name.length + 1);
