/** The moves that are considered, best first. */
import { useEffect, useState } from 'preact/hooks';
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import './analysis.css';
import { MOST_ROWS, candidateRows, type CandidateRow } from './candidates.ts';

export interface CandidatesProps {
  /** Undefined until it is there: room is kept for the rows. */
  readonly analysis: PositionAnalysis | undefined;
  /** Whether a click on a row plays its move. */
  readonly canPlay: boolean;
  /** The line of the row under the pointer or in focus, for the board's ghosts; empty when there is none any more. */
  readonly onPreview: (line: readonly string[]) => void;
  readonly onPlay: (vertex: string) => void;
}

export const Candidates = ({ analysis, canPlay, onPreview, onPlay }: CandidatesProps) => {
  const [previewed, setPreviewed] = useState<string | undefined>();
  const [isTouch, setTouch] = useState(false);
  const rows = analysis ? candidateRows(analysis) : [];
  const line = rows.find(({ vertex }) => vertex === previewed)?.line ?? [];

  useEffect(() => setPreviewed(undefined), [analysis?.node]);
  // A search that goes on changes the line under a resting pointer.
  useEffect(() => onPreview(line), [line.join(' ')]);
  useEffect(() => () => onPreview([]), []);

  const columns = COLUMNS.filter(
    ({ key }) => key === 'priorText' || rows.some(row => row[key] !== undefined),
  );
  // The network alone knows no answers: its column goes to the bars.
  const hasAnswers = rows.some(({ answer }) => answer !== '');
  const preview = (vertex: string | undefined): void => setPreviewed(vertex);
  const choose = (vertex: string): void => {
    // A finger cannot rest on a row: its first tap shows the line.
    if (isTouch && previewed !== vertex) preview(vertex);
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
          {rows.map(row => (
            <Row
              key={row.vertex}
              row={row}
              columns={columns}
              hasAnswers={hasAnswers}
              canPlay={canPlay}
              isPreviewed={row.vertex === previewed}
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
  readonly isPreviewed: boolean;
  readonly onPreview: (vertex: string | undefined) => void;
  readonly onChoose: (vertex: string) => void;
}

const Row = ({ row, columns, hasAnswers, canPlay, isPreviewed, onPreview, onChoose }: RowProps) => (
  <tr
    class={isPreviewed ? 'is-previewed' : ''}
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
