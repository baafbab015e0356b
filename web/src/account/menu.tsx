import { t } from '../app/i18n';
import type { Account, LinkedChild } from '../person/nouns';
import { OfflineNotice } from '../person/step';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { useAccount, useChildren } from './load';
import { words } from './words';

function Item({ href, title, text }: { href: string; title: string; text: string }) {
  return (
    <li>
      <a href={href} class="item">
        <span>
          <b>{title}</b>
          <span class="sub breakable">{text}</span>
        </span>
        <Icon name="arrow" />
      </a>
    </li>
  );
}

function Own({ of }: { of: Account }) {
  const w = words().menu;
  const mail = of.email_pending ? w.pending(of.email_pending) : (of.email ?? w.noMail);
  return (
    <>
      <p class="own-id">
        <span class="sub">{w.id}</span> <b class="digits">{of.login_id}</b>
      </p>
      <ul class="items">
        <Item
          href="/account/names"
          title={w.names}
          text={`${of.family_name} ${of.given_name}（${of.family_kana} ${of.given_kana}）`}
        />
        <Item href="/account/mail" title={w.mail} text={mail} />
        <Item href="/account/notifications" title={w.notifications} text={w.notificationsLead} />
        <Item href="/account/security" title={w.security} text={w.securityLead} />
        <Item href="/account/data" title={w.data} text={w.dataLead} />
      </ul>
    </>
  );
}

function Child({ of }: { of: LinkedChild }) {
  const w = words().child;
  const relation = personWords().relation;
  return (
    <li class="card linked">
      <h3>
        {of.family_name} {of.given_name}
      </h3>
      <p class="sub">{t().child.place(of.school_name, of.grade, of.class_name)}</p>
      <p>{w.rights[of.rights]}</p>
      {of.valid_to && <p class="sub">{w.until(of.valid_to)}</p>}
      <p class="sub">{w.guardians(of.guardians, of.guardians_max)}</p>
      <ul class="marks">
        {[w.you(relation[of.relation]), ...of.others.map((other) => relation[other])].map((who, i) => (
          <li key={i} class="mark plain">
            {who}
          </li>
        ))}
      </ul>
      {of.may_invite && (
        <a class="button" href={`/account/invite/${of.student_id}`}>
          {w.invite}
        </a>
      )}
      {!of.may_invite && of.rights === 'report' && of.guardians >= of.guardians_max && <p class="sub">{w.full}</p>}
    </li>
  );
}

function Children() {
  const { data, error, retry } = useChildren();
  const w = words().menu;
  return (
    <section class="linked-children" aria-labelledby="linked-title">
      <h2 id="linked-title">{w.children}</h2>
      {!data && !error && <Loading lines={2} />}
      {Boolean(error) && !data && (
        <button type="button" class="button" onClick={retry}>
          {t().app.retry}
        </button>
      )}
      {data?.length === 0 && <p class="sub">{w.none}</p>}
      <ul class="linked-list">
        {data?.map((child) => (
          <Child key={child.student_id} of={child} />
        ))}
      </ul>
      <ul class="items">
        <Item href="/join" title={w.add} text={w.addLead} />
      </ul>
    </section>
  );
}

export function AccountScreen() {
  const { data, error, retry } = useAccount();
  const heading = usePageTitle(words().title);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow account-page">
      <PageTop back="/" heading={heading} />
      <OfflineNotice />
      {data ? <Own of={data} /> : <Loading />}
      <Children />
    </div>
  );
}
