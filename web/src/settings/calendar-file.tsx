// 年間行事 out of a CSV: what it would change and what is wrong, line by line; nothing is stored before the button says so.
import { useRef, useState } from 'preact/hooks';
import { formatDays } from '../app/days';
import type { CalendarChange, CalendarCheck, CalendarProblem } from '../app/gives/settings';
import { upload } from '../app/upload';
import { isProblem } from '../app/api';
import { useRetryKey } from '../manage/retry-key';
import { TellLast } from '../manage/parts';
import { Notice } from '../ui/notice';
import { good, Tick, useSettingsAct } from './parts';
import { words } from './words';

interface Looked {
  file: File;
  check: CalendarCheck;
}

function Problems({ rows }: { rows: CalendarProblem[] }) {
  const text = words().calendarFile;
  return (
    <Notice tone="bad">
      <span>{text.problems(rows.length)}</span>
      <ul>
        {rows.slice(0, 100).map((one, i) => (
          <li key={i}>
            <b class="digits">{text.place(one.line, one.column_no, one.column_name)}</b> {one.text}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function whomOf(one: CalendarChange): string {
  const { calendar } = words();
  return [one.school_kind && calendar.schoolKind[one.school_kind], one.grades?.map(calendar.grade).join('・')].filter(Boolean).join(' ') || calendar.wholeSchool;
}

function Changes({ rows }: { rows: CalendarChange[] }) {
  const text = words().calendarFile;
  const { calendar } = words();
  return (
    <table class="list-table">
      <thead>
        <tr>
          {[text.action, text.days, text.label, text.kind, text.whom, text.line].map((one) => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((one, i) => (
          <tr key={i} data-action={one.action}>
            <td data-label={text.action}>
              <b>{text.actions[one.action]}</b>
            </td>
            <td data-label={text.days} class="digits">
              {formatDays(one.first_day, one.last_day)}
            </td>
            <th scope="row">
              {one.label}
              {one.action === 'replaced' && (
                <span class="sub">{text.before(`${one.label_before ?? ''}（${one.kind_before ? calendar.kind[one.kind_before] : ''}）`)}</span>
              )}
            </th>
            <td data-label={text.kind}>{calendar.kind[one.kind]}</td>
            <td data-label={text.whom}>{whomOf(one)}</td>
            <td data-label={text.line} class="digits">
              {one.line ?? '－'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useCalendarFile(school_id: number | undefined, year: number, reload: () => void) {
  const { busy, told, run } = useSettingsAct(reload);
  const [looked, setLooked] = useState<Looked>();
  const [removes, setRemoves] = useState(false);
  const once = useRetryKey();
  const query = (removes: boolean) => ({ year, ...(school_id !== undefined && { school_id }), ...(removes && { removes: 'true' }) });
  const look = async (file: File, removes: boolean) => {
    setLooked(undefined);
    setLooked({ file, check: await upload('POST /api/calendar/check', { query: query(removes), body: file, type: 'text/csv' }) });
  };
  const take = ({ file, check }: Looked) =>
    run(async () => {
      const asked = { ...query(removes), plan: check.plan };
      try {
        const done = await once([asked, file.name, file.size], (key) => upload('POST /api/calendar/import', { query: asked, body: file, type: 'text/csv', key }));
        setLooked(undefined);
        return good(words().calendarFile.done(done.added, done.replaced, done.removed));
      } catch (error) {
        if (isProblem(error, 'stale_plan')) await look(file, removes);
        throw error;
      }
    });
  return {
    busy,
    told,
    looked,
    removes,
    take,
    look: (file: File) => run(() => look(file, removes)),
    setRemoves: (next: boolean) => {
      setRemoves(next);
      if (looked) run(() => look(looked.file, next));
    },
    drop: () => setLooked(undefined),
  };
}

export function CalendarFile({ school_id, year, reload }: { school_id?: number; year: number; reload: () => void }) {
  const text = words().calendarFile;
  const input = useRef<HTMLInputElement>(null);
  const { busy, told, looked, removes, take, look, setRemoves, drop } = useCalendarFile(school_id, year, reload);
  const moving = looked?.check.changes.filter((one) => one.action !== 'same') ?? [];
  const out = new URLSearchParams({ year: String(year), ...(school_id !== undefined && { school_id: String(school_id) }), format: 'csv' });
  return (
    <section class="panel stack" aria-labelledby="calendar-file">
      <h2 id="calendar-file">{text.title(year)}</h2>
      <p class="sub">{text.lead}</p>
      <TellLast told={told} />
      <label class="field">
        <span>{text.file}</span>
        <input
          ref={input}
          type="file"
          accept=".csv,.txt,text/csv"
          disabled={busy}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) look(file);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <Tick checked={removes} onChange={setRemoves}>
        {text.removes}
      </Tick>
      <div class="row">
        <a class="button small" href={`/api/calendar/file?${out}`} download>
          {text.download}
        </a>
      </div>
      {looked && (
        <div class="stack" role="region" aria-label={text.result}>
          <h3>{text.resultOf(looked.file.name)}</h3>
          {looked.check.problems.length > 0 && <Problems rows={looked.check.problems} />}
          {looked.check.problems.length === 0 && moving.length === 0 && <p>{text.nothing}</p>}
          {looked.check.changes.length > 0 && <Changes rows={looked.check.changes} />}
          <div class="row">
            {looked.check.problems.length === 0 && moving.length > 0 && (
              <button type="button" class="button primary" disabled={busy} onClick={() => take(looked)}>
                {text.take(moving.length)}
              </button>
            )}
            <button type="button" class="button" disabled={busy} onClick={drop}>
              {words().close}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}
