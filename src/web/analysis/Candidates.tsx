/** The moves that are considered, best first. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import './analysis.css';
import { MOST_ROWS, candidateRows, inOrderOf, type CandidateRow } from './candidates.ts';

export interface CandidatesProps {
  /** Undefined until it is there: room is kept for the rows. */
  readonly analysis: PositionAnalysis | undefined;
  /** Whether a search looks at the position: its columns have their room before it has begun. */
  readonly isSearched: boolean;
  /** What the network says beside the policy: no lead, no column of leads. */
  readonly outputs: readonly string[];
  /** Whether a click on a row plays its move. */
  readonly canPlay: boolean;
  /** The move pointed at, here or on the board: its row is marked. */
  readonly pointed: string | undefined;
  /** A row is under the pointer or in focus, so that the board shows its line; undefined when none is any more. */
  readonly onPreview: (vertex: string | undefined) => void;
  readonly onPlay: (vertex: string) => void;
}

export const Candidates = (props: CandidatesProps) => {
  const { analysis, isSearched, outputs, canPlay, pointed, onPreview, onPlay } = props;
  const [isTouch, setTouch] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const shown = useRef<readonly string[]>([]);
  const found = analysis ? candidateRows(analysis) : [];
  // Whoever points at a row is about to choose it: no search puts another in its place.
  const rows = isHeld ? inOrderOf(found, shown.current) : found;
  shown.current = rows.map(({ vertex }) => vertex);

  const preview = (vertex: string | undefined): void => {
    setHeld(vertex !== undefined);
    onPreview(vertex);
  };
  useEffect(() => () => preview(undefined), [analysis?.node]);

  const columns = COLUMNS.filter(
    ({ key }) =>
      key === 'priorText' ||
      (isSearched && (key !== 'lead' || outputs.includes(key))) ||
      rows.some(row => row[key] !== undefined),
  );
  // The network alone knows no answers: its column goes to the bars.
  const hasAnswers = isSearched || rows.some(({ answer }) => answer !== '');
  const choose = (vertex: string): void => {
    // A finger cannot rest on a row: its first tap shows the line.
    if (isTouch && pointed !== vertex) preview(vertex);
    else if (canPlay) onPlay(vertex);
  };
  const player = analysis ? (analysis.toPlay === 'B' ? 'Black' : 'White') : undefined;
  return (
    <div class="candidates">
      <table class={hasAnswers ? '' : 'is-bare'}>
        <caption>{player === undefined ? 'Best moves' : `Best moves for ${player}`}</caption>
        <thead>
          <tr>
            <th scope="col">Move</th>
            {columns.map(({ key, name, title }) => (
              <th scope="col" key={key} class={`candidate-${key}`} title={title}>
                {name}
              </th>
            ))}
            {hasAnswers && (
              <th scope="col" class="candidate-line">
                Then
              </th>
            )}
          </tr>
        </thead>
        <tbody
          onPointerDown={event => setTouch(event.pointerType === 'touch')}
          onPointerLeave={event => event.pointerType !== 'touch' && preview(undefined)}
        >
          {rows.map((row, place) => (
            <Row
              // Moves change places by their words, so that nothing on the page moves.
              key={place}
              row={row}
              columns={columns}
              hasAnswers={hasAnswers}
              canPlay={canPlay}
              isPointed={row.vertex === pointed}
              onPreview={preview}
              onChoose={choose}
            />
          ))}
          {Array.from({ length: MOST_ROWS - rows.length }, (_, i) => (
            <tr class="is-empty" key={rows.length + i} aria-hidden="true">
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

interface Column {
  readonly key: 'priorText' | 'visits' | 'winrate' | 'lead';
  readonly name: string;
  readonly title: string;
}

const COLUMNS: readonly Column[] = [
  { key: 'priorText', name: 'Policy', title: 'Probability by the network alone' },
  { key: 'visits', name: 'Visits', title: 'How often the search looked at it' },
  { key: 'winrate', name: 'Wins', title: 'Win rate of the player to move' },
  { key: 'lead', name: 'Lead', title: 'Points by which the player to move will lead' },
];

interface RowProps {
  readonly row: CandidateRow;
  readonly columns: readonly Column[];
  readonly hasAnswers: boolean;
  readonly canPlay: boolean;
  readonly isPointed: boolean;
  readonly onPreview: (vertex: string | undefined) => void;
  readonly onChoose: (vertex: string) => void;
}

const Row = ({ row, columns, hasAnswers, canPlay, isPointed, onPreview, onChoose }: RowProps) => (
  <tr
    class={isPointed ? 'is-pointed' : ''}
    onPointerEnter={event => event.pointerType !== 'touch' && onPreview(row.vertex)}
    onClick={() => onChoose(row.vertex)}
  >
    <th scope="row">
      <button
        type="button"
        title={canPlay ? `Play ${row.move}` : `Show the line of ${row.move}`}
        onFocus={event => event.currentTarget.matches(':focus-visible') && onPreview(row.vertex)}
        onBlur={() => onPreview(undefined)}
      >
        {row.move}
      </button>
    </th>
    {columns.map(({ key }) => (
      <td key={key} class={`candidate-${key}`}>
        {key === 'priorText' && <i style={{ '--prior': row.prior }} />}
        <span>{row[key]}</span>
      </td>
    ))}
    {hasAnswers && <td class="candidate-line">{row.answer}</td>}
  </tr>
);
