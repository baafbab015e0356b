import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { CodeField, codeError } from '../person/fields';
import { useForm } from '../person/form';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { usePageTitle } from '../ui/page';
import { pathOf } from './answers';
import { words } from './words';

function Stopped() {
  const w = words().stop;
  const heading = usePageTitle(w.doneTitle);
  return (
    <div class="page narrow step">
      {heading}
      <p>{w.doneLead}</p>
      <div class="thumb">
        <a class="button primary wide large" href={pathOf('who')}>
          {w.toRecover}
        </a>
      </div>
    </div>
  );
}

/** "This wasn't me": the old address is back, every session over. */
export function StopStep() {
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  const w = words().stop;
  const form = useForm(() => ({ code: codeError(code) }), async () => {
    await request('POST /api/account/email/stop', { body: { code } });
    setDone(true);
  });
  if (done) return <Stopped />;
  return (
    <Step title={w.title} back={pathOf('who')} form={form} action={w.submit}>
      <p>{w.lead}</p>
      <CodeField label={personWords().code.stopLabel} value={code} onValue={setCode} error={form.trouble.errors.code} />
    </Step>
  );
}
