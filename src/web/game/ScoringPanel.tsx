/** Agreeing on dead stones: the board takes the clicks, this shows what comes out. */
import type { JSX } from 'preact';
import type { Scoring } from '../../server/protocol/board.ts';
import { acceptScore, can, cancelScore } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import { resultName } from '../words.ts';

export const ScoringPanel = ({ scoring }: { readonly scoring: Scoring }): JSX.Element => {
  const { dead, score } = scoring;
  return (
    <div class="scoring">
      <p class="scoring-score" aria-live="polite">
        {resultName(score)}
      </p>
      <p class="scoring-hint">
        {dead.length === 0
          ? 'All stones live.'
          : `${dead.length} ${dead.length === 1 ? 'stone is' : 'stones are'} dead.`}{' '}
        Choose a stone on the board to change that.
      </p>
      <div class="control-row">
        <Button label="Accept" kind="primary" isDisabled={!can.change()} onClick={acceptScore} />
        <Button label="Resume" isDisabled={!can.change()} onClick={cancelScore} />
      </div>
    </div>
  );
};
