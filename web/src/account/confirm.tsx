import { useId, useRef } from 'preact/hooks';
import { words } from './security-words';

interface Props {
  text: string;
  lead: string;
  go?: string;
  danger?: boolean;
  label?: string;
  onConfirm: () => void;
}

/** A button that asks once more. */
export function Confirm({ text, lead, go = text, danger, label, onConfirm }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const confirm = () => {
    dialog.current?.close();
    onConfirm();
  };
  return (
    <>
      <button type="button" class={`button ${danger ? 'danger' : ''}`} aria-label={label} onClick={() => dialog.current?.showModal()}>
        {text}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby={title}>
        <h2 id={title}>{text}</h2>
        <p>{lead}</p>
        <div class="row">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {words().cancel}
          </button>
          <button type="button" class={`button ${danger ? 'danger' : 'primary'}`} onClick={confirm}>
            {go}
          </button>
        </div>
      </dialog>
    </>
  );
}
