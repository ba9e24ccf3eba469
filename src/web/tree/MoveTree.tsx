/**
 * The moves with their variations, as numbered stones along lines: the main line on top, variations below. Only what is in
 * sight is drawn, so that a record of thousands of moves scrolls like a short one.
 */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ROOT, type ColorLetter } from '../../server/protocol/board.ts';
import { askToRemove, can, openDialog, showNode } from '../actions.ts';
import { Button } from '../shell/Button.tsx';
import { store } from '../store.ts';
import { moveName } from '../words.ts';
import type { PlacedNode } from './layout.ts';
import { CELL, centerOf, edgePath, nodesIn, windowOf, type Window } from './window.ts';

const START: Window = { left: 0, top: 0, right: 40, bottom: 20 };

export const MoveTree = (): JSX.Element => {
  const ref = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(START);
  /** What of the panel has the focus, or had it until it was taken off the page. */
  const focused = useRef<Element | null>(null);
  const layout = store.layout.value;
  const node = store.node.value;
  const current = layout.byId.get(node) ?? layout.byId.get(ROOT)!;

  const look = (): void => {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = ref.current!;
    const next = windowOf(scrollLeft, scrollTop, clientWidth, clientHeight);
    setShown(before => (isSameWindow(before, next) ? before : next));
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    bringIntoView(ref.current!, current);
    look();
  }, [current.column, current.row]);
  useEffect(() => {
    // Keys in the tree go on from the stone that is current now, also where the one that had them was removed.
    const active = document.activeElement;
    const isWithin = active?.closest('.tree') === ref.current && active !== ref.current;
    const isLost = active === document.body && focused.current?.isConnected === false;
    if (isWithin || isLost)
      ref.current?.querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true });
  }, [node]);

  const nodes = nodesIn(layout, shown);
  const { byId, depths } = store.index.value;
  return (
    <section
      class="tree-panel"
      aria-label="Move tree"
      onFocusIn={event => {
        focused.current = event.target as Element;
      }}
      onFocusOut={event => {
        if (event.relatedTarget) focused.current = null;
      }}
    >
      <div class="tree" ref={ref} onScroll={look} tabIndex={-1}>
        <div class="tree-plane" style={{ width: layout.columns * CELL, height: layout.rows * CELL }}>
          <svg
            class="tree-lines"
            width={layout.columns * CELL}
            height={layout.rows * CELL}
            aria-hidden="true"
          >
            {nodes.map(each => each.id !== ROOT && <path key={each.id} d={edgePath(each)} />)}
          </svg>
          {nodes.map(each => {
            const move = byId.get(each.id);
            return (
              <TreeNode
                key={each.id}
                placed={each}
                color={move?.color}
                label={move ? `${depths.get(each.id)}. ${moveName(move.color, move.vertex)}` : 'Start'}
                hasComment={move?.comment !== undefined}
                isPass={move?.vertex === 'pass'}
                isCurrent={each.id === current.id}
              />
            );
          })}
        </div>
      </div>
      {can.remove() && <Button label="Remove this move" icon="remove" onClick={() => openDialog('remove')} />}
    </section>
  );
};

interface TreeNodeProps {
  readonly placed: PlacedNode;
  readonly color: ColorLetter | undefined;
  readonly label: string;
  readonly hasComment: boolean;
  readonly isPass: boolean;
  readonly isCurrent: boolean;
}

const TreeNode = ({ placed, color, label, hasComment, isPass, isCurrent }: TreeNodeProps): JSX.Element => {
  const { x, y } = centerOf(placed);
  return (
    <button
      type="button"
      class={`tree-node tree-${color ?? 'start'}${hasComment ? ' has-comment' : ''}`}
      style={{ transform: `translate(${x - CELL / 2}px, ${y - CELL / 2}px)` }}
      aria-label={hasComment ? `${label}, with a comment` : label}
      aria-current={isCurrent ? 'step' : undefined}
      title={label}
      tabIndex={isCurrent ? 0 : -1}
      onClick={() => showNode(placed.id)}
      onKeyDown={event => {
        if (event.key !== 'Delete' || !isCurrent || !can.change()) return;
        event.preventDefault();
        askToRemove();
      }}
    >
      <span>{color === undefined ? '' : isPass ? '–' : placed.column}</span>
    </button>
  );
};

const isSameWindow = (a: Window, b: Window): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;

/** Scrolls the tree, never the page, so far that a node stands within a margin of two. */
const bringIntoView = (tree: HTMLElement, placed: PlacedNode): void => {
  const { x, y } = centerOf(placed);
  const reach = (start: number, size: number, at: number): number => {
    const margin = Math.min(2.5 * CELL, size / 2);
    return at < start + margin ? at - margin : at > start + size - margin ? at - size + margin : start;
  };
  tree.scrollLeft = reach(tree.scrollLeft, tree.clientWidth, x);
  tree.scrollTop = reach(tree.scrollTop, tree.clientHeight, y);
};
