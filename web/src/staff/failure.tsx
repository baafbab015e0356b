import { signal } from '@preact/signals';
import { Notice } from '../ui/notice';

/** What went wrong last on a staff screen; empty when nothing did. */
export const failure = signal('');

export function LastFailure() {
  return failure.value ? (
    <Notice tone="bad" urgent>
      {failure.value}
    </Notice>
  ) : null;
}
