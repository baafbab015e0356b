// Children that nobody has seen and nobody has reported, and what came of asking their guardians.
import { useState } from 'preact/hooks';
import { isProblem, newKey, request } from '../app/api';
import { live } from '../app/connection';
import { timeOf } from '../app/days';
import { explain } from '../app/explain';
import type { Inquiry } from '../app/gives/roll';
import { failure } from '../staff/failure';
import { Name } from '../ui/name';
import type { Absence, Student } from '../app/nouns';
import { today } from '../app/store';
import { mayAskAgain } from './judge';
import { words } from './words';

export interface Missing {
  student: Student;
  place: string;
  inquiry: Inquiry | undefined;
  report: Absence | undefined;
}

async function attempt(act: () => Promise<void>): Promise<void> {
  failure.value = '';
  try {
    await act();
  } catch (error) {
    failure.value = isProblem(error) ? explain(error) : words().failed;
  }
}

/** The row comes by itself; what the answer says is known at once. */
function learn(topics: string[], row: Inquiry): void {
  for (const topic of topics) live.learn(topic, row);
}

function ask(student: Student, topics: string[]): Promise<void> {
  return attempt(async () => {
    const path = { student_id: student.student_id };
    const { id, version, at } = await request('POST /api/students/{student_id}/inquiry', { path, key: newKey() });
    const { student_id, class_id } = student;
    learn(topics, { id, student_id, class_id, day: today.value, asked_at: at, answer: null, answered_at: null, version });
  });
}

function close(inquiry: Inquiry, topics: string[]): Promise<void> {
  return attempt(async () => {
    const { version, at } = await request('PUT /api/inquiries/{id}/close', { path: { id: inquiry.id }, body: { answer: 'closed' } });
    learn(topics, { ...inquiry, answer: 'closed', answered_at: at, version });
  });
}

function said(inquiry: Inquiry | undefined, report: Absence | undefined): string {
  const say = words();
  if (!inquiry) return report?.arrive_at ? say.arrives(report.arrive_at) : say.noReport;
  return inquiry.answer && inquiry.answered_at ? say.answers[inquiry.answer](timeOf(inquiry.answered_at)) : say.asked(timeOf(inquiry.asked_at));
}

function Line({ student, place, inquiry, report, topics }: Missing & { topics: string[] }) {
  const [busy, setBusy] = useState(false);
  const say = words();
  const act = async (what: Promise<void>) => {
    setBusy(true);
    await what;
    setBusy(false);
  };
  return (
    <li class={`missing ${inquiry?.answer ?? (inquiry ? 'asked' : 'open')}`} data-missing={student.student_id}>
      <span class="who-is">
        <span class="sub digits">{place}</span>
        <Name of={student} />
      </span>
      <span class="missing-said">{said(inquiry, report)}</span>
      {(!inquiry || mayAskAgain(inquiry.answer, inquiry.asked_at, Date.now())) && (
        <button type="button" class={`button ${inquiry ? '' : 'primary'}`} disabled={busy} onClick={() => void act(ask(student, topics))}>
          {inquiry ? say.askAgain : say.ask}
        </button>
      )}
      {inquiry && inquiry.answer !== 'closed' && (
        <button type="button" class="button" disabled={busy} onClick={() => void act(close(inquiry, topics))}>
          {say.close}
        </button>
      )}
    </li>
  );
}

export function Unaccounted({ missing, topics }: { missing: Missing[]; topics: string[] }) {
  const say = words();
  const open = missing.filter((one) => one.inquiry?.answer !== 'closed');
  return (
    <section class="unaccounted" aria-labelledby="unaccounted-title">
      <h2 id="unaccounted-title">{say.unaccountedTitle(open.length)}</h2>
      <p class="sub">{say.unaccountedLead}</p>
      <ul>
        {missing.map((one) => (
          <Line key={one.student.student_id} {...one} topics={topics} />
        ))}
      </ul>
    </section>
  );
}
