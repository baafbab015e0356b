// How one signs in: the second factor, recovery codes, devices.
import './security.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { useResource } from '../app/resource';
import { Enrolment } from '../signin/enrol';
import { RecoveryCodes } from '../signin/recovery-codes';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { AppFactor, Recovery } from './app-factor';
import { Devices } from './devices';
import { Passkeys } from './passkeys';
import { Password } from './password';
import { words } from './security-words';

type Doing = { what: 'app' } | { what: 'codes'; codes: string[] } | undefined;

function Overview({ onDo }: { onDo: (doing: Doing) => void }) {
  const { data, error, retry } = useResource(() => request('GET /api/factors'), []);
  const heading = usePageTitle(words().title);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow security">
      <PageTop back="/account" heading={heading} />
      {data ? (
        <>
          <Password first={!data.password} onDone={retry} />
          <Passkeys onChange={retry} />
          <AppFactor of={data} onAdd={() => onDo({ what: 'app' })} onChange={retry} />
          <Recovery of={data} onCodes={(codes) => onDo({ what: 'codes', codes })} />
        </>
      ) : (
        <Loading />
      )}
      <Devices />
    </div>
  );
}

export function SecurityScreen() {
  const [doing, setDoing] = useState<Doing>();
  const done = () => setDoing(undefined);
  if (doing?.what === 'app') return <Enrolment onDone={done} />;
  if (doing?.what === 'codes') return <RecoveryCodes codes={doing.codes} onDone={done} />;
  return <Overview onDo={setDoing} />;
}
