import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { navigate } from '../app/router';
import { session } from '../app/session';
import { bareCode } from '../person/code';
import { CodeField, codeError } from '../person/fields';
import { useForm } from '../person/form';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { Notice } from '../ui/notice';
import { answers, newCode, pathOf } from './answers';
import { words } from './words';

/** For those who have come before: no second registration. */
function AlreadyHere() {
  const w = words().code;
  return (
    <section class="aside">
      <h2>{w.already}</h2>
      <p>{w.alreadyLead}</p>
      <a class="button" href="/signin?next=%2Fjoin">
        {w.signIn}
      </a>
    </section>
  );
}

export function CodeStep() {
  const { code, arriving, restarted } = answers.now.value;
  const [isReset, setReset] = useState(false);
  const w = words().code;
  const p = personWords();
  const look = async () => {
    const invitation = await request('POST /api/invitations/look', { body: { code } });
    setReset(invitation.kind === 'reset');
    if (invitation.kind === 'reset') return;
    answers.change({ invitation, restarted: false });
    navigate(pathOf('child'));
  };
  const type = (typed: string) => answers.change(bareCode(typed) === bareCode(code) ? { code: typed } : newCode(typed));
  const form = useForm(() => ({ code: codeError(code) }), look);
  useEffect(() => {
    if (!arriving) return;
    answers.change({ arriving: false });
    form.submit();
  }, [arriving]);
  return (
    <Step
      title={session.value ? w.addTitle : w.title}
      back={session.value ? '/account' : undefined}
      at={session.value ? undefined : 1}
      of={6}
      form={form}
      action={p.next}
      busy={p.checking}
    >
      {restarted && <Notice tone="info">{w.restarted}</Notice>}
      <p>{w.lead}</p>
      <CodeField label={p.code.label} value={code} onValue={type} error={form.trouble.errors.code} />
      {isReset && (
        <Notice tone="info">
          {w.isReset} <a href="/recover/code">{w.toReset}</a>
        </Notice>
      )}
      <p class="sub">{w.lost}</p>
      {!session.value && <AlreadyHere />}
    </Step>
  );
}
