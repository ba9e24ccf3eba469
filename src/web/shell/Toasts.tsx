/** Messages that pass: errors until they are closed or old, notes for a moment. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { store, type Toast } from '../store.ts';
import { Button } from './Button.tsx';

const SHOWN_MS = { error: 8000, note: 3500 } as const;

const ToastView = ({ toast }: { readonly toast: Toast }): JSX.Element => {
  const close = (): void => {
    store.toasts.value = store.toasts.value.filter(({ id }) => id !== toast.id);
  };
  useEffect(() => {
    const timer = setTimeout(close, SHOWN_MS[toast.kind]);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return (
    <div class={`toast toast-${toast.kind}`}>
      <span>{toast.text}</span>
      <Button label="Dismiss" icon="close" onClick={close} />
    </div>
  );
};

export const Toasts = (): JSX.Element => (
  <div class="toasts" role="status" aria-live="polite">
    {store.toasts.value.map(toast => (
      <ToastView key={toast.id} toast={toast} />
    ))}
  </div>
);
