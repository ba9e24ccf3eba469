/** Takes a game record dropped anywhere on the page. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { session } from '../page.ts';
import { loadRecord } from './files.ts';

export const DropTarget = (): JSX.Element | null => {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      // Only out of the window: between elements it leaves all the time.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(false);
      const [file, ...others] = event.dataTransfer?.files ?? [];
      if (others.length > 0) session.tell('error', `${others.length + 1} files: drop one at a time.`);
      else if (file) void loadRecord(file);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return isOver ? (
    <div class="drop-target">
      <p>Drop the game record here</p>
    </div>
  ) : null;
};
