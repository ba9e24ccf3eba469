/** What to do with the game: take back, pass, resign, count; let hane play; what is found out about the position. */
import type { JSX } from 'preact';
import { ANALYSIS_MODES, type AnalysisMode } from '../../server/protocol/board.ts';
import { can, generate, openDialog, pass, score, setAnalysis, setPlaying, undo } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import { Choice } from '../shell/Choice.tsx';
import { store } from '../store.ts';
import { ScoringPanel } from './ScoringPanel.tsx';

export const Controls = (): JSX.Element => {
  const board = store.board.value;
  return (
    <section class="controls" aria-label="Game">
      {board?.scoring ? <ScoringPanel scoring={board.scoring} /> : <Moves />}
      <AnalysisModes />
    </section>
  );
};

const Moves = (): JSX.Element => {
  const board = store.board.value;
  const isPlaying = board?.isPlaying ?? true;
  const hasHane = !board || board.black !== 'human' || board.white !== 'human';
  return (
    <div class="control-row">
      <Button label="Undo" icon="undo" text="always" shortcut="U" isDisabled={!can.undo()} onClick={undo} />
      <Button label="Pass" icon="pass" text="always" shortcut="P" isDisabled={!can.pass()} onClick={pass} />
      <Button
        label={isPlaying ? 'Pause' : 'Play'}
        icon={isPlaying ? 'pause' : 'play'}
        text="always"
        shortcut="Space"
        isDisabled={!hasHane || !can.setPlaying()}
        onClick={() => setPlaying(!isPlaying)}
      />
      <Button
        label="Move now"
        icon="bolt"
        text="always"
        shortcut="G"
        isDisabled={!can.generate()}
        onClick={generate}
      />
      <Button label="Count" icon="count" text="always" isDisabled={!can.score()} onClick={score} />
      <Button
        label="Resign"
        icon="flag"
        text="always"
        isDisabled={!can.resign()}
        onClick={() => openDialog('resign')}
      />
    </div>
  );
};

const MODE_NAMES: Readonly<Record<AnalysisMode, string>> = {
  off: 'Off',
  policy: 'Network',
  search: 'Search',
};

const MODE_MEANINGS: Readonly<Record<AnalysisMode, string>> = {
  off: 'Nothing is found out about the position',
  policy: 'What the network says at once',
  search: 'A search that goes on and shows what it finds',
};

const AnalysisModes = (): JSX.Element => (
  <Choice
    legend="Analysis"
    options={ANALYSIS_MODES.map(each => ({
      value: each,
      name: MODE_NAMES[each],
      title: MODE_MEANINGS[each],
    }))}
    value={store.board.value?.analysis ?? 'policy'}
    isDisabled={!can.setAnalysis()}
    onChange={setAnalysis}
  />
);
