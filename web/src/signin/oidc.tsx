// Sign-in with the account of one's own organisation: a button for each provider, and the way back from it.
import './signin.css';
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { takeReturned } from '../app/arriving';
import type { OidcProvider } from '../app/nouns';
import { Problem, Unreachable } from '../app/problem';
import { navigate } from '../app/router';
import { loadSession } from '../app/session';
import { words } from '../staff-join/words';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { explainSignin } from './explain';

function explainOidc(error: unknown): string {
  const w = words().oidc;
  if (error instanceof Unreachable && navigator.onLine) return w.unreachable;
  if (!(error instanceof Problem)) return explainSignin(error);
  return error.code === 'oidc_unknown' ? w.oidc_unknown : w.oidc_refused;
}

export function OidcButtons({ onProblem }: { onProblem: (text: string) => void }) {
  const [providers, setProviders] = useState<OidcProvider[]>([]);
  const [going, setGoing] = useState('');
  useEffect(() => {
    request('GET /api/oidc/providers').then(
      ({ rows }) => setProviders(rows),
      () => undefined,
    );
  }, []);
  const go = async (provider: string) => {
    setGoing(provider);
    onProblem('');
    try {
      location.assign((await request('POST /api/oidc/start', { body: { provider } })).url);
    } catch (error) {
      onProblem(explainOidc(error));
      setGoing('');
    }
  };
  return (
    <>
      {providers.map(({ name, label }) => (
        <button key={name} type="button" class="button wide" disabled={going !== ''} onClick={() => void go(name)}>
          {words().oidc.button(label)}
        </button>
      ))}
    </>
  );
}

/** /signin/oidc: the provider has sent somebody back. */
export function OidcScreen() {
  const [problem, setProblem] = useState('');
  const w = words().oidc;
  const heading = usePageTitle(problem ? w.failedTitle : w.title);
  const finish = async () => {
    const returned = takeReturned();
    if (!returned?.code || !returned.state) return setProblem(w.oidc_refused);
    try {
      await request('POST /api/oidc/finish', { body: returned });
      await loadSession();
      navigate('/', { replace: true });
    } catch (error) {
      setProblem(explainOidc(error));
    }
  };
  useEffect(() => void finish(), []);
  return (
    <div class="page narrow">
      <div class="card enrol">
        {heading}
        {problem ? (
          <>
            <Notice tone="bad" urgent>
              {problem}
            </Notice>
            <a class="button primary wide" href="/signin">
              {w.back}
            </a>
          </>
        ) : (
          <Loading />
        )}
      </div>
    </div>
  );
}
