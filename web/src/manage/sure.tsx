// A confirmation, only for what can't be taken back.
import { useId, useRef } from 'preact/hooks';

interface Props {
  button: string;
  title: string;
  lead: string;
  keep: string;
  disabled: boolean;
  onSure: () => void;
  /** What a reader hears of the button, where many stand on a page. */
  label?: string;
  /** Needs a thought, but destroys nothing. */
  calm?: boolean;
  /** The key that presses it (staff/row-keys.ts). */
  dataKey?: string;
  quiet?: boolean;
}

export function SureButton({ button, title, lead, keep, disabled, onSure, label, calm, dataKey, quiet }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" class={quiet ? 'button quiet' : 'button'} data-key={dataKey} disabled={disabled} aria-label={label} onClick={() => dialog.current?.showModal()}>
        {button}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        <p>{lead}</p>
        <form method="dialog" class="row">
          <button class={calm ? 'button primary' : 'button danger'} onClick={onSure}>
            {button}
          </button>
          <button class="button">{keep}</button>
        </form>
      </dialog>
    </>
  );
}
