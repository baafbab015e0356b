import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { navigate } from '../app/router';
import { loadSession, session } from '../app/session';
import { ChildPlace, RelationField } from '../person/fields';
import { type Form, useForm } from '../person/form';
import type { Invitation } from '../person/nouns';
import { SchoolPhone, Step } from '../person/step';
import { words as personWords } from '../person/words';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { answers, pathOf } from './answers';
import { words } from './words';

function NotMine({ of }: { of: Invitation }) {
  const [open, setOpen] = useState(false);
  const w = words().child;
  return (
    <div class="not-mine">
      <button type="button" class="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {w.no}
      </button>
      {open && (
        <Notice tone="info" urgent>
          {w.noLead}
          <SchoolPhone of={of} />
        </Notice>
      )}
    </div>
  );
}

function Full({ of }: { of: Invitation }) {
  const heading = usePageTitle(words().child.title);
  return (
    <div class="page narrow step">
      <PageTop back={pathOf('code')} heading={heading} />
      <ChildPlace of={of} />
      <Notice tone="warn">
        {words().child.full(of.guardians_max)}
        <SchoolPhone of={of} />
      </Notice>
    </div>
  );
}

function Question({ of, form, action }: { of: Invitation; form: Form; action: string }) {
  const who = session.value;
  const { relation } = answers.now.value;
  const w = words().child;
  return (
    <Step title={w.title} back={pathOf('code')} at={who ? undefined : 2} of={6} form={form} action={action} phone={of}>
      <p>{w.lead}</p>
      <ChildPlace of={of} />
      {who && <p>{w.signedInAs(`${who.family_name} ${who.given_name}`)}</p>}
      {who && (
        <RelationField chosen={relation} onChange={(chosen) => answers.change({ relation: chosen })} error={form.trouble.errors.relation} />
      )}
      <NotMine of={of} />
    </Step>
  );
}

export function ChildStep() {
  const { invitation, code, relation } = answers.now.value;
  const signedIn = Boolean(session.value);
  const go = async () => {
    if (!signedIn) {
      answers.change({ agreed: true });
      return navigate(pathOf('mail'));
    }
    if (!relation) return;
    const added = await request('POST /api/account/children', { body: { code, relation } });
    await loadSession().catch(() => undefined);
    answers.forget();
    answers.change({ done: { child: `${added.family_name} ${added.given_name}`, already: added.already } });
    navigate(pathOf('done'), { replace: true });
  };
  const form = useForm(() => ({ relation: signedIn && !relation ? personWords().relation.empty : '' }), go);
  if (!invitation) return <></>;
  if (!invitation.room) return <Full of={invitation} />;
  return <Question of={invitation} form={form} action={signedIn ? words().child.add : words().child.yes} />;
}
