// What is stored about whoever is signed in; the whole of it as a file.
import type { ComponentChildren } from 'preact';
import { request } from '../app/api';
import { dayOf, formatDay, formatInstant } from '../app/days';
import { t } from '../app/i18n';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import type { OwnData } from '../person/nouns';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { ACCOUNT } from './load';
import { words } from './words';

const when = (instant: string) => formatInstant(instant, today.value);
const dated = (instant: string) => `${dayOf(instant).slice(0, 4)}年${formatDay(dayOf(instant))}`;

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card data-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ of }: { of: [term: string, text: string][] }) {
  return (
    <dl class="facts">
      {of.map(([term, text], i) => (
        <div key={i}>
          <dt>{term}</dt>
          <dd class="breakable">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function About({ of }: { of: OwnData['account'] }) {
  const w = words().data;
  return (
    <Part title={w.account}>
      <Facts
        of={[
          [w.id, of.login_id],
          [w.name, `${of.family_name} ${of.given_name}（${of.family_kana} ${of.given_kana}）`],
          [w.mail, of.email ?? w.none],
          [w.made, dated(of.made_at)],
          [w.lastSignIn, of.last_signed_in_at ? when(of.last_signed_in_at) : w.none],
        ]}
      />
    </Part>
  );
}

function Links({ of }: { of: OwnData['children'] }) {
  const w = words().data;
  return (
    <Part title={w.children}>
      {of.length === 0 && <p class="sub">{w.none}</p>}
      <Facts
        of={of.map((child) => [
          `${child.family_name} ${child.given_name}`,
          `${t().child.place(child.school_name, child.grade, child.class_name)} ${personWords().relation[child.relation]} ${w.since(child.valid_from)}`,
        ])}
      />
    </Part>
  );
}

function Records({ of }: { of: OwnData }) {
  const w = words().data;
  const mails = [...new Set(of.mails.map((mail) => mail.state))];
  return (
    <>
      <Part title={w.devices}>
        <p>
          {w.devicesCount(of.sessions.length)} <a href="/account/security">{w.devicesSee}</a>
        </p>
      </Part>
      <Part title={w.reports}>
        <p>{w.reportsCount(of.reports.length)}</p>
      </Part>
      {of.illnesses.length > 0 && (
        <Part title={w.illnesses}>
          <p>{w.reportsCount(of.illnesses.length)}</p>
        </Part>
      )}
      <Part title={w.mails}>
        {mails.length === 0 && <p class="sub">{w.none}</p>}
        <Facts of={mails.map((state) => [w.mailState[state] ?? state, w.count(of.mails.filter((mail) => mail.state === state).length)])} />
      </Part>
      <Part title={w.consents}>
        {of.consents.length === 0 && <p class="sub">{w.none}</p>}
        <Facts of={of.consents.map((one) => [personWords().terms.version(one.version), dated(one.at)])} />
      </Part>
      <Part title={w.audit}>
        <p>{of.audit.length === 0 ? w.auditNone : w.times(of.audit.reduce((sum, one) => sum + one.rows, 0))}</p>
      </Part>
    </>
  );
}

export function DataScreen() {
  const { data, error, retry } = useResource(() => request('GET /api/own-data'), []);
  const w = words().data;
  const heading = usePageTitle(w.title);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow account-page">
      <PageTop back={ACCOUNT} text={words().back} heading={heading} />
      <p>{w.lead}</p>
      {!data && <Loading lines={6} />}
      {data && (
        <>
          <About of={data.account} />
          <Links of={data.children} />
          <Records of={data} />
          <a class="button primary" href="/api/own-data/file" download>
            {w.download}
          </a>
          <p class="sub">{w.downloadNote}</p>
          <a class="button danger leave-link" href="/account/leave">
            {w.leave}
          </a>
        </>
      )}
    </div>
  );
}
