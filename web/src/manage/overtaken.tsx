import { Notice } from '../ui/notice';
import { words } from './words';

/** Somebody else saved first: theirs beside what was typed, and the choice between the two. */
export function Overtaken({ stored, onTake }: { stored: [label: string, text: string][]; onTake: () => void }) {
  return (
    <Notice tone="bad" urgent>
      <p>{words().overtaken}</p>
      <dl class="overtaken">
        {stored.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text || words().empty}</dd>
          </div>
        ))}
      </dl>
      <p>{words().overtakenSave}</p>
      <div class="row">
        <button type="button" class="button" onClick={onTake}>
          {words().takeStored}
        </button>
      </div>
    </Notice>
  );
}
