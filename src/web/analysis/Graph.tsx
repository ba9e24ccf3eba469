/** Win rate and lead over the moves of a line, Black's view. */
import type { GraphPoint } from './graph.ts';

export interface GraphProps {
  /** The positions of the line, the start first; see graphPoints. */
  readonly points: readonly GraphPoint[];
  /** The node on the board. */
  readonly current: number;
  /** What the network says beside the policy: without value there is no win rate, without lead no lead. */
  readonly outputs: readonly string[];
  /** A position was chosen, by pointer or keyboard. */
  readonly onGoto: (node: number) => void;
}

export const Graph = (_props: GraphProps) => <div class="graph" />;
