/**
 * A window over the page, on the browser's own <dialog>: it keeps the focus within and gives it back, and Escape closes it.
 * A click beside it closes it too.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './Button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** 'wide' for more than a form. */
  readonly size?: 'normal' | 'wide';
}

export const Dialog = ({ title, onClose, children, size = 'normal' }: DialogProps): JSX.Element => {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current!;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      // Leaving the page takes it off the top, in a moment; close() would fire the event that closes the next one. Nothing beneath
      // takes the focus before.
      queueMicrotask(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      });
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog dialog-${size}`}
      aria-label={title}
      onClose={onClose}
      // Before the browser does it, and tells us later: a key pressed meanwhile would be lost.
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
      onClick={event => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-header">
          <h2>{title}</h2>
          <Button label="Close" icon="close" shortcut="Escape" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
};
