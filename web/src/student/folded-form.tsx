// A form behind its own line: folded until somebody wants it.
import type { ComponentChildren } from 'preact';

interface Props {
  title: string;
  save: string;
  disabled: boolean;
  onSave: () => unknown;
  /** What stands between the fields and the button: what became of the last try. */
  told: ComponentChildren;
  /** Beside the button. */
  more?: ComponentChildren;
  children: ComponentChildren;
}

export function FoldedForm({ title, save, disabled, onSave, told, more, children }: Props) {
  return (
    <details class="folded-form">
      <summary>{title}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void onSave();
        }}
      >
        {children}
        {told}
        <div class="row">
          <button class="button primary" disabled={disabled}>
            {save}
          </button>
          {more}
        </div>
      </form>
    </details>
  );
}
