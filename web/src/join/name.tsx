import { navigate } from '../app/router';
import { RelationField } from '../person/fields';
import { useForm } from '../person/form';
import { NameFields, nameErrors, tidyNames } from '../person/names';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { answers, pathOf } from './answers';
import { words } from './words';

export function NameStep() {
  const now = answers.now.value;
  const w = words().name;
  const p = personWords();
  const check = () => ({ ...nameErrors(now), relation: now.relation ? '' : p.relation.empty });
  const form = useForm(check, async () => {
    answers.change(tidyNames(now));
    navigate(pathOf('password'));
  });
  return (
    <Step title={w.title} back={pathOf(now.by_mail ? 'confirm' : 'mail')} at={5} of={6} form={form} action={p.next}>
      <p>{w.lead}</p>
      <NameFields names={now} onChange={answers.change} errors={form.trouble.errors} />
      <RelationField chosen={now.relation} onChange={(relation) => answers.change({ relation })} error={form.trouble.errors.relation} />
    </Step>
  );
}
