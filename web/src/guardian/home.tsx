import { useEffect } from 'preact/hooks';
import { request } from '../app/api';
import { t } from '../app/i18n';
import type { Child } from '../app/nouns';
import { refused, waiting } from '../app/reports';
import { useResource } from '../app/resource';
import { session } from '../app/session';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { useIntake } from './intake';
import { ShutSchools } from './shut';
import { children, loadAllReasons, loadChildren } from './children';
import { ChildCard } from './child-card';
import { NotifyInvitation } from './notify';

function Skeleton() {
  return (
    <div class="child-cards" aria-busy="true">
      <span class="for-readers">{t().app.loading}</span>
      <div class="card child-card skeleton-card" />
      <div class="card child-card skeleton-card" />
    </div>
  );
}

/** Reports that wait or came back, where the guardian sees them first. */
function Unsent() {
  const words = t().home;
  return (
    <>
      {waiting().map((report) => (
        <Notice key={report.key} tone="warn">
          <a href={`/sent/${report.key}`}>{words.waiting(report.body.kind)}</a>
        </Notice>
      ))}
      {refused().map((report) => (
        <Notice key={report.key} tone="bad">
          <a href={`/sent/${report.key}`}>{words.refused}</a>
        </Notice>
      ))}
    </>
  );
}

/** Days on which a child's class does not come: 学級閉鎖 and the like. */
function Closed({ children: mine }: { children: Child[] }) {
  const { data, retry } = useResource(() => request('GET /api/children/closures'), []);
  // Whoever comes back has perhaps been told that a closure is off.
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && retry();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, []);
  return (
    <>
      {data?.rows.map((row) => {
        const child = mine.find((one) => one.student_id === row.student_id);
        return child ? (
          <Notice key={`${row.id} ${row.student_id}`} tone="warn">
            {t().home.closed(child.given_name, row.first_day, row.last_day)} {row.note}
          </Notice>
        ) : null;
      })}
    </>
  );
}

function ConsentDue() {
  const words = t().home;
  if (!session.value?.consent_due) return null;
  return (
    <Notice tone="info">
      {words.consentDue} <a href="/account/consent">{words.consentRead}</a>
    </Notice>
  );
}

export function Home() {
  const { data, error, retry } = useResource(loadChildren, []);
  useIntake();
  const words = t().home;
  const heading = usePageTitle(words.title);
  const rows = data ?? children.value;
  useEffect(() => {
    if (data) void loadAllReasons(data).catch(() => undefined);
  }, [data]);
  if (!rows && error) return <FailurePage error={error} retry={retry} />;
  const mayReport = rows?.some((child) => child.may_report) ?? true;
  return (
    <div class="page narrow">
      {heading}
      <Unsent />
      <Closed children={rows ?? []} />
      <ShutSchools children={rows ?? []} />
      {!rows && <Skeleton />}
      {rows?.length === 0 && (
        <div class="card">
          <h2>{words.noChildren}</h2>
          <p>{words.noChildrenLead}</p>
          <a class="button" href="/join">
            {words.add}
          </a>
        </div>
      )}
      <div class="child-cards">
        {rows?.map((child) => (
          <ChildCard key={child.student_id} child={child} />
        ))}
      </div>
      <NotifyInvitation />
      <ConsentDue />
      {rows?.length !== 0 && mayReport && (
        <div class="thumb">
          <a class="button primary wide large" href="/report">
            <Icon name="send" />
            {words.report}
          </a>
        </div>
      )}
    </div>
  );
}
