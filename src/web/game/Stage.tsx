/** The board in the room that the layout leaves it. */
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { can, playAt, toggleDead } from '../actions.ts';
import { BoardView } from '../board/BoardView.tsx';
import { store } from '../store.ts';

export const Stage = (): JSX.Element => {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<{ readonly width: number; readonly height: number } | undefined>();
  useLayoutEffect(() => {
    const stage = ref.current!;
    const measure = (): void => setRoom({ width: stage.clientWidth, height: stage.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    return () => observer.disconnect();
  }, []);
  const game = store.game.value;
  const index = store.index.value;
  const node = store.node.value;
  const nextMarks = useMemo(() => {
    const children = index.children.get(node) ?? [];
    // One way on is no choice: only variations are marked.
    return children.length < 2 ? [] : children.map(id => index.byId.get(id)!.vertex);
  }, [index, node]);
  const scoring = store.detached.value === undefined ? store.board.value?.scoring : undefined;
  return (
    <main class="stage" ref={ref} aria-label="Board">
      {room && (
        <BoardView
          game={game}
          lastMove={store.lastMove.value}
          overlay={scoring ? 'none' : store.overlay.value}
          analysis={store.analysis.value}
          showNumbers={store.showNumbers.value}
          ghosts={store.ghosts.value}
          dead={scoring?.dead ?? NONE}
          territory={scoring?.territory}
          canPlay={store.canPlay.value}
          nextMarks={nextMarks}
          onPlay={playAt}
          onPick={scoring && can.change() ? toggleDead : undefined}
          onHover={vertex => {
            store.hovered.value = vertex;
          }}
          maxWidth={room.width}
          maxHeight={room.height}
        />
      )}
    </main>
  );
};

const NONE: readonly string[] = [];
