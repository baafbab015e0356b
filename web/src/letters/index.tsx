import './letters.css';
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { ClassRegistration, Letter } from '../app/gives/registrants';
import { useResource } from '../app/resource';
import { place } from '../app/router';
import { explainTo } from '../manage/explain';
import { Manage } from '../manage/frame';
import { useRetryKey } from '../manage/retry-key';
import { SureButton } from '../manage/sure';
import { TellLast, type Told, useAct } from '../manage/parts';
import { className } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { fullName } from '../ui/name';
import { LetterPage } from './letter';
import { type LetterLanguage, texts } from './texts';
import { type Choice, ChoiceFields, LookFields } from './tools';
import { words } from './words';

function targetOf({ class_id, student_id }: Choice) {
  if (student_id) return { student_id };
  return class_id ? { class_id } : {};
}

/** The letters on the screen, and what can be done with them. */
function useLetters(school_id: number, choice: Choice) {
  const [letters, setLetters] = useState<Letter[]>();
  const { busy, told, tell, act } = useAct((error) => explainTo(words().problem, error));
  const once = useRetryKey();
  const path = { school_id };
  const target = { ...targetOf(choice), letter: choice.nth };
  const list = async () => (await request('POST /api/schools/{school_id}/letters/list', { path, body: target })).rows;
  useEffect(() => {
    setLetters(undefined);
    tell(undefined);
  }, [school_id, choice.class_id, choice.student_id, choice.nth]);

  const make = (again: boolean) =>
    act(async (): Promise<Told> => {
      const who = choice.student_id || choice.nth > 1 ? 'all' : choice.who;
      const body = { ...target, who, again, days: choice.days } as const;
      const { issued, revoked } = await once(body, (key) =>
        request('POST /api/schools/{school_id}/letters', { path, body, key, deadline: 60_000 }),
      );
      setLetters(await list());
      return { tone: issued > 0 ? 'good' : 'info', text: words().made(issued, revoked) };
    });
  const show = () => act(async () => setLetters(await list()));
  const revoke = () =>
    act(async (): Promise<Told> => {
      const { revoked } = await request('POST /api/schools/{school_id}/letters/revoke', { path, body: target });
      setLetters([]);
      return { tone: 'good', text: words().revoked(revoked) };
    });
  /** Paper can't be called back: what is on the screen is compared with what is open now, then printed. */
  const print = () =>
    act(async (): Promise<Told | undefined> => {
      const now = await list();
      const same = JSON.stringify(now) === JSON.stringify(letters);
      setLetters(now);
      if (!same) return { tone: 'warn', text: words().changed };
      requestAnimationFrame(() => window.print());
    });
  return { letters, busy, told, make, show, revoke, print };
}

function Sheets({ letters, language, furigana }: { letters: Letter[]; language: LetterLanguage; furigana: boolean }) {
  return (
    <section class="letters" aria-label={words().preview}>
      {letters.map((one) => (
        <LetterPage key={one.id} of={one} text={texts[language]} furigana={furigana} origin={location.origin} />
      ))}
    </section>
  );
}

function useChoice(): [Choice, (part: Partial<Choice>) => void] {
  const [rest, setRest] = useState({ nth: 1, who: 'missing' as Choice['who'], days: 90 });
  const { query } = place.value;
  const choice = { ...rest, class_id: Number(query.get('class')) || undefined, student_id: Number(query.get('student')) || undefined };
  return [choice, (part) => setRest({ ...rest, ...part })];
}

function Letters({ school_id, classes, student }: { school_id: number; classes: ClassRegistration[]; student?: string }) {
  const [choice, change] = useChoice();
  const [language, setLanguage] = useState<LetterLanguage>('ja');
  const [furigana, setFurigana] = useState(false);
  const { letters, busy, told, make, show, revoke, print } = useLetters(school_id, choice);
  const chosen = classes.filter((one) => !choice.class_id || one.class_id === choice.class_id);
  const sum = (of: 'children' | 'registered' | 'open_letters' | 'no_letter') => chosen.reduce((n, one) => n + one[of], 0);
  const what = choice.student_id
    ? words().oneChild(student ?? '')
    : choice.class_id && chosen[0]
      ? className({ grade: chosen[0].grade, name: chosen[0].class_name })
      : words().whole;
  return (
    <Manage school_id={school_id} tab="letters">
      <div class="panel no-print">
        <p class="sub">{words().lead}</p>
        <ChoiceFields choice={choice} classes={classes} student={student} onChange={change} />
        {!choice.student_id && <p class="digits">{words().figures(sum('children') - sum('registered'), sum('open_letters'), sum('no_letter'))}</p>}
        <div class="row">
          <button type="button" class="button primary" disabled={busy} onClick={() => void make(false)}>
            {words().makeAndShow}
          </button>
          <button type="button" class="button" disabled={busy} onClick={() => void show()}>
            {words().show}
          </button>
          <SureButton button={words().remake} title={words().remakeTitle} lead={words().remakeLead(what)} keep={words().keep} disabled={busy} onSure={() => void make(true)} />
          <SureButton button={words().revoke} title={words().revokeTitle} lead={words().revokeLead(what)} keep={words().keep} disabled={busy} onSure={() => void revoke()} />
        </div>
      </div>
      <TellLast told={told} />
      {letters === undefined && <p class="empty no-print">{words().before}</p>}
      {letters?.length === 0 && <p class="empty no-print">{words().empty}</p>}
      {letters && letters.length > 0 && (
        <>
          <div class="letters-bar no-print">
            <LookFields language={language} furigana={furigana} onLanguage={setLanguage} onFurigana={setFurigana} />
            <span class="digits">{words().contains(what, letters.length, texts[language].name)}</span>
            <button type="button" class="button primary push" disabled={busy} onClick={() => void print()}>
              <Icon name="print" />
              {words().print(letters.length)}
            </button>
          </div>
          <Sheets letters={letters} language={language} furigana={furigana} />
        </>
      )}
    </Manage>
  );
}

async function load(school_id: number, student_id?: number) {
  const { rows } = await request('GET /api/schools/{school_id}/registrants', { path: { school_id } });
  const student = student_id ? fullName(await request('GET /api/students/{student_id}', { path: { student_id } })) : undefined;
  return { classes: rows, student };
}

export function LettersScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const student_id = Number(place.value.query.get('student')) || undefined;
  const { data, error, retry } = useResource(() => load(school_id, student_id), [school_id, student_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <Letters school_id={school_id} {...data} />;
}
