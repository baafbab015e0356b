import './mails.css';
import { useEffect } from 'preact/hooks';
import { request } from '../app/api';
import { dayOf, formatDay, formatTime, timeOf } from '../app/days';
import { featureWords } from '../app/i18n';
import type { DemoMail } from '../app/nouns';
import { useResource } from '../app/resource';
import { demo } from '../app/words/ja/demo';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { askDemo } from './accounts';

const EVERY_MS = 3000;
const LINK = /(https?:\/\/[^\s<>"]+)/;
const words = featureWords('demo', demo);

/** Asks again while somebody looks. */
function useMails() {
  const mails = useResource(() => request('GET /api/demo-mails'), []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && mails.retry(), EVERY_MS);
    return () => clearInterval(timer);
  }, [mails.retry]);
  return mails;
}

function Body({ text }: { text: string }) {
  return (
    <p class="mail-body">
      {text.split(LINK).map((part, i) =>
        i % 2 ? (
          <a key={i} href={part}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}

function Mail({ mail }: { mail: DemoMail }) {
  const id = `mail-${mail.id}`;
  return (
    <li>
      <article class="card mail" aria-labelledby={id}>
        <h2 id={id}>{mail.subject}</h2>
        <dl>
          <dt>{words().to}</dt>
          <dd>{mail.address}</dd>
          <dt>{words().at}</dt>
          <dd>
            {formatDay(dayOf(mail.sent_at))} {formatTime(timeOf(mail.sent_at))}
          </dd>
        </dl>
        <Body text={mail.body} />
      </article>
    </li>
  );
}

function Mails({ rows }: { rows: DemoMail[] }) {
  return (
    <>
      <p class="sub" role="status">
        {rows.length > 0 ? words().count(rows.length) : words().empty}
      </p>
      {rows.length === 0 && <p>{words().emptyLead}</p>}
      <ul class="mails">
        {rows.map((mail) => (
          <Mail key={mail.id} mail={mail} />
        ))}
      </ul>
    </>
  );
}

export function DemoMailsScreen() {
  const { data, error, retry } = useMails();
  const heading = usePageTitle(words().title);
  useEffect(() => void askDemo(), []);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow">
      <PageTop back="/" heading={heading} />
      <p>{words().lead}</p>
      {error !== undefined && <Notice tone="bad">{words().lost}</Notice>}
      {data ? <Mails rows={data.rows} /> : <Loading />}
    </div>
  );
}
