// Offered once the way in is open: next time a finger or a face is enough.
import { useEffect, useState } from 'preact/hooks';
import { isCancelled } from '../app/problem';
import { canMakePasskey, isKnown, makePasskey } from '../signin/passkey';
import { deviceName } from '../signin/passkey-bytes';
import { Notice } from '../ui/notice';
import { words } from './words';

export function PasskeyOffer() {
  const [can, setCan] = useState(false);
  const [state, setState] = useState<'asked' | 'making' | 'made' | 'failed'>('asked');
  const w = words().passkey;
  useEffect(() => void canMakePasskey().then(setCan), []);
  const make = async () => {
    setState('making');
    try {
      await makePasskey(deviceName() || w.device);
      setState('made');
    } catch (error) {
      setState(isKnown(error) ? 'made' : isCancelled(error) ? 'asked' : 'failed');
    }
  };
  if (!can) return null;
  return (
    <section class="card no-print">
      <h2>{w.title}</h2>
      <p>{w.lead}</p>
      {state === 'made' ? (
        <Notice tone="good" urgent>
          {w.made}
        </Notice>
      ) : (
        <button type="button" class="button" disabled={state === 'making'} onClick={() => void make()}>
          {w.make}
        </button>
      )}
      {state === 'failed' && (
        <Notice tone="bad" urgent>
          {w.failed}
        </Notice>
      )}
    </section>
  );
}
