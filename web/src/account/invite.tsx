// Inviting another guardian: a code that serves once, as QR, as text, by mail. Neither sees the other's address.
import './account.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { dayOf, timeOf } from '../app/days';
import { t } from '../app/i18n';
import { useResource } from '../app/resource';
import { useSteadyKey } from '../app/steady-key';
import { formatCode, spokenCode } from '../person/code';
import { MailField } from '../person/fields';
import { troubleOf, useForm } from '../person/form';
import { looksLikeMail, tidyMail } from '../person/mail';
import type { LinkedChild, OpenInvitation } from '../person/nouns';
import { SchoolPhone, Step } from '../person/step';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { Qr } from '../ui/qr';
import { ACCOUNT, useChildren } from './load';
import { words } from './words';

const joinUrl = (code: string) => `${location.origin}/join#${formatCode(code)}`;

/** The phone's own ways to send something, where it has them; else the clipboard. */
function Pass({ code, child }: { code: string; child: string }) {
  const [copied, setCopied] = useState(false);
  const w = words().invite;
  const share = () => navigator.share({ text: w.shareText(child), url: joinUrl(code) }).catch(() => undefined);
  const copy = () => navigator.clipboard.writeText(formatCode(code)).then(() => setCopied(true), () => undefined);
  return (
    <div class="row no-print">
      {'share' in navigator && (
        <button type="button" class="button" onClick={() => void share()}>
          <Icon name="send" />
          {w.share}
        </button>
      )}
      <button type="button" class="button" onClick={() => void copy()}>
        {w.copy}
      </button>
      <button type="button" class="button" onClick={() => print()}>
        <Icon name="print" />
        {w.print}
      </button>
      <span role="status">{copied ? w.copied : ''}</span>
    </div>
  );
}

function Invitation({ of, child, onCancel }: { of: OpenInvitation; child: string; onCancel: () => void }) {
  const [problem, setProblem] = useState('');
  const w = words().invite;
  const cancel = async () => {
    try {
      await request('DELETE /api/invitations/{invitation_id}', { path: { invitation_id: of.id } });
      onCancel();
    } catch (error) {
      setProblem(troubleOf(error).problem ?? '');
    }
  };
  return (
    <li class="card invitation">
      <p class="sub">{w.code}</p>
      <p class="code-shown">
        <span aria-hidden="true">{formatCode(of.code)}</span>
        <span class="for-readers">{spokenCode(of.code)}</span>
      </p>
      <Qr text={joinUrl(of.code)} label={w.qr} />
      <p>{w.scan}</p>
      <p class="sub">{w.until(dayOf(of.expires_at), timeOf(of.expires_at))}</p>
      <Pass code={of.code} child={child} />
      <button type="button" class="button danger no-print" onClick={() => void cancel()}>
        {w.cancel}
      </button>
      {problem && (
        <Notice tone="bad" urgent>
          {problem}
        </Notice>
      )}
    </li>
  );
}

function Invite({ child, open, again }: { child: LinkedChild; open: OpenInvitation[]; again: () => void }) {
  const [email, setEmail] = useState('');
  const [said, setSaid] = useState('');
  const keyOf = useSteadyKey();
  const w = words().invite;
  const name = t().child.san(`${child.family_name} ${child.given_name}`);
  const tidy = tidyMail(email);
  const room = child.guardians_max - child.guardians - open.length;
  const form = useForm(
    () => ({ email: !tidy || looksLikeMail(tidy) ? '' : personWords().mail.wrong }),
    async () => {
      const body = tidy ? { email: tidy } : {};
      const key = keyOf({ ...body, after: open.map((one) => one.id) });
      await request('POST /api/children/{student_id}/invitations', { path: { student_id: child.student_id }, body, key });
      setSaid(tidy ? w.mailed(tidy) : '');
      setEmail('');
      again();
    },
  );
  const cancelled = () => {
    setSaid(w.cancelled);
    again();
  };
  return (
    <Step title={w.title} back={ACCOUNT} backText={words().back} form={form} action={w.make} busy={w.making} phone={child} inPlace={open.length > 0}>
      <p>{w.lead(name)}</p>
      {said && (
        <Notice tone="good" urgent>
          {said}
        </Notice>
      )}
      {open.length > 0 && (
        <ul class="invitations" aria-label={w.open}>
          {open.map((one) => (
            <Invitation key={one.id} of={one} child={name} onCancel={cancelled} />
          ))}
        </ul>
      )}
      <p class="sub">{w.note}</p>
      <p class="sub">{room > 0 ? w.room(room) : words().child.full}</p>
      <MailField label={w.mail} hint={w.mailHint} value={email} onValue={setEmail} error={form.trouble.errors.email} />
    </Step>
  );
}

function NotAllowed({ child }: { child: LinkedChild | undefined }) {
  const heading = usePageTitle(words().invite.title);
  return (
    <div class="page narrow">
      <PageTop back={ACCOUNT} text={words().back} heading={heading} />
      <Notice tone="warn">
        {words().invite.notAllowed}
        <SchoolPhone of={child} />
      </Notice>
    </div>
  );
}

export function InviteScreen({ params }: { params: Record<string, string> }) {
  const student_id = Number(params.id);
  const kids = useChildren();
  const open = useResource(async () => (await request('GET /api/children/{student_id}/invitations', { path: { student_id } })).rows, [student_id]);
  const error = kids.error ?? open.error;
  const child = kids.data?.find((one) => one.student_id === student_id);
  if (kids.data && (!child || (!child.may_invite && open.data?.length === 0))) return <NotAllowed child={child} />;
  if (error && !(child && open.data)) return <FailurePage error={error} retry={() => (kids.retry(), open.retry())} />;
  if (!child || !open.data) return <Loading />;
  return <Invite child={child} open={open.data} again={() => (kids.retry(), open.retry())} />;
}
