/** What hane sees of the position, beside the board. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { playAt, showNode } from './actions.ts';
import { Candidates } from './analysis/Candidates.tsx';
import { Graph } from './analysis/Graph.tsx';
import { graphPoints } from './analysis/graph.ts';
import { Outlook } from './analysis/Outlook.tsx';
import type { MoveNode } from '../server/protocol/board.ts';
import { lineThrough } from './moveIndex.ts';
import { store } from './store.ts';

export const Insight = (): JSX.Element => {
  const board = store.board.value;
  const index = store.index.value;
  const node = store.node.value;
  const preferred = store.preferred.value;
  const line = useMemo(
    (): MoveNode[] => lineThrough(index, node, preferred).map(id => index.byId.get(id)!),
    [index, node, preferred],
  );
  const outlooks = board?.outlooks;
  const points = useMemo(() => graphPoints(line, outlooks ?? []), [line, outlooks]);
  const outputs = store.outputs.value;
  return (
    <section class="insight" aria-label="What hane sees">
      <Outlook analysis={store.analysis.value} mode={board?.analysis ?? 'policy'} outputs={outputs} />
      <Candidates
        analysis={store.analysis.value}
        canPlay={store.canPlay.value}
        isSearched={board?.analysis === 'search'}
        outputs={outputs}
        pointed={store.previewed.value ?? store.hovered.value}
        onPreview={vertex => {
          store.previewed.value = vertex;
        }}
        onPlay={playAt}
      />
      <Graph points={points} current={node} outputs={outputs} onGoto={showNode} />
    </section>
  );
};
