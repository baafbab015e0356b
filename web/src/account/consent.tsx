// New terms: read when there is time, never in the way of a report.
import { isProblem, request } from '../app/api';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { homePath, loadSession, session } from '../app/session';
import { useForm } from '../person/form';
import type { Terms } from '../person/nouns';
import { Step } from '../person/step';
import { forgetTerms, loadTerms, TermsText } from '../person/terms';
import { words as personWords } from '../person/words';
import { announce } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { TermsScreen } from './terms';
import { words } from './words';

function Ask({ of, again }: { of: Terms; again: () => void }) {
  const w = words().consent;
  const form = useForm(() => ({}), async () => {
    try {
      await request('POST /api/consent', { body: { version: of.version } });
    } catch (error) {
      if (isProblem(error, 'terms_changed')) {
        forgetTerms();
        again();
      }
      throw error;
    }
    await loadSession().catch(() => undefined);
    announce(w.thanks);
    navigate(homePath());
  });
  return (
    <Step title={personWords().terms.title} back={homePath()} form={form} action={w.agree} inPlace>
      <p>{w.lead}</p>
      {of.changes && <Notice tone="info">{of.changes}</Notice>}
      <TermsText of={of} />
      <p class="sub">{w.later}</p>
    </Step>
  );
}

export function ConsentScreen() {
  const { data, error, retry } = useResource(loadTerms, []);
  if (!session.value?.consent_due) return <TermsScreen />;
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return data ? <Ask key={data.version} of={data} again={retry} /> : <Loading />;
}
