import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { navigate } from '../app/router';
import { loadSession } from '../app/session';
import { useForm } from '../person/form';
import { NameFields, nameErrors, tidyNames } from '../person/names';
import type { Names } from '../person/nouns';
import { Step } from '../person/step';
import { announce } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { ACCOUNT, useAccount } from './load';
import { words } from './words';

function NamesForm({ of }: { of: Names }) {
  const { family_name, given_name, family_kana, given_kana } = of;
  const [names, setNames] = useState<Names>({ family_name, given_name, family_kana, given_kana });
  const w = words();
  const form = useForm(() => nameErrors(names), async () => {
    await request('PUT /api/account/names', { body: tidyNames(names) });
    await loadSession().catch(() => undefined);
    announce(w.saved);
    navigate(ACCOUNT);
  });
  return (
    <Step title={w.names.title} back={ACCOUNT} backText={w.back} form={form} action={w.save} busy={w.saving}>
      <p>{w.names.lead}</p>
      <NameFields names={names} onChange={(part) => setNames((was) => ({ ...was, ...part }))} errors={form.trouble.errors} />
    </Step>
  );
}

export function NamesScreen() {
  const { data, error, retry } = useAccount();
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return data ? <NamesForm of={data} /> : <Loading />;
}
