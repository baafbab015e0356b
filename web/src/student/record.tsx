// The roster's record of one child: corrected in place.
import { request } from '../app/api';
import type { StudentRecord } from '../app/gives/roster';
import type { SchoolClass } from '../app/nouns';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { explainTo } from '../manage/explain';
import { className } from '../staff/roster';
import { words } from './words';

function draftOf(of: StudentRecord) {
  const { family_name, given_name, family_kana, given_kana, class_id, exchange_class_id } = of;
  return { family_name, given_name, family_kana, given_kana, class_id, exchange_class_id, number: String(of.number), code: of.code ?? '' };
}

type Draft = ReturnType<typeof draftOf>;

function bodyOf(of: StudentRecord, draft: Draft) {
  const { code, number, exchange_class_id, ...names } = draft;
  return { version: of.version, ...names, number: Number(number), ...(code ? { code } : {}), ...(exchange_class_id ? { exchange_class_id } : {}) };
}

function NameFields({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  return (
    <>
      <Field label={words().family} value={draft.family_name} maxLength={40} onInput={(family_name) => change({ family_name })} />
      <Field label={words().given} value={draft.given_name} maxLength={40} onInput={(given_name) => change({ given_name })} />
      <Field label={words().familyKana} value={draft.family_kana} maxLength={40} onInput={(family_kana) => change({ family_kana })} />
      <Field label={words().givenKana} value={draft.given_kana} maxLength={40} onInput={(given_kana) => change({ given_kana })} />
    </>
  );
}

export function classOptions(classes: SchoolClass[]): [string, string][] {
  return classes.map((one) => [String(one.id), className(one)]);
}

/** What the roster says where something else was typed. */
function storedBeside(of: StudentRecord, draft: Draft): [string, string][] {
  const w = words();
  const stored = draftOf(of);
  const all: [keyof Draft, string, string][] = [
    ['family_name', w.family, of.family_name],
    ['given_name', w.given, of.given_name],
    ['family_kana', w.familyKana, of.family_kana],
    ['given_kana', w.givenKana, of.given_kana],
    ['class_id', w.class, className({ grade: of.grade, name: of.class_name })],
    ['number', w.number, String(of.number)],
    ['exchange_class_id', w.exchange, of.exchange_class_name ?? ''],
    ['code', w.code, of.code ?? ''],
  ];
  return all.filter(([name]) => draft[name] !== stored[name]).map(([, label, text]) => [label, text]);
}

export function Record({ of, classes, onChanged }: { of: StudentRecord; classes: SchoolClass[]; onChanged: () => void }) {
  const { draft, change, changed, overtaken, takeStored, expectOwn } = useEdited(draftOf(of), of.version);
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const regular = classes.filter((one) => one.kind === 'regular' && one.id !== draft.class_id);
  const save = () =>
    act(async (): Promise<Told> => {
      try {
        await request('PUT /api/students/{student_id}', { path: { student_id: of.id }, body: bodyOf(of, draft) });
        expectOwn();
      } finally {
        onChanged();
      }
      return { tone: 'good', text: words().saved };
    });
  return (
    <form
      class="panel"
      aria-labelledby="record-title"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 id="record-title">{words().record}</h2>
      <div class="form-grid">
        <NameFields draft={draft} change={change} />
        <Select label={words().class} value={String(draft.class_id)} options={classOptions(classes)} onChange={(id) => change({ class_id: Number(id) })} />
        <Field label={words().number} inputMode="numeric" value={draft.number} onInput={(number) => change({ number })} />
        <Select
          label={words().exchange}
          value={String(draft.exchange_class_id ?? '')}
          options={[['', words().noExchange], ...classOptions(regular)]}
          onChange={(id) => change({ exchange_class_id: id ? Number(id) : null })}
        />
        <Field label={words().code} hint={words().codeHint} value={draft.code} maxLength={60} onInput={(code) => change({ code })} />
      </div>
      {overtaken ? <Overtaken stored={storedBeside(of, draft)} onTake={takeStored} /> : <TellLast told={told} />}
      <div class="row">
        <button class="button primary" disabled={busy || !changed}>
          {words().save}
        </button>
      </div>
    </form>
  );
}
