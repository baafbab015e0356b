// The classes of a school on the map of symptoms: numbers only.
import { request } from '../app/api';
import { useTopic } from '../app/connection';
import { formatDay } from '../app/days';
import type { ClassSymptomGauge, Measure, UsualCount } from '../app/gives/health';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { judgeCount } from './judge';
import { JudgementMark } from './mark';
import { Spark } from './spark';
import { chosenMeasure, MEASURES, MeasureChoice, queryOf, ratesOf } from './symptoms';
import { words } from './words';

interface Loaded {
  name: string;
  classes: SchoolClass[];
  usual: Map<number, UsualCount>;
}

async function load(school_id: number, measure: Measure): Promise<Loaded> {
  const [classes, schools, usual] = await Promise.all([
    loadClasses(school_id),
    request('GET /api/schools'),
    request('GET /api/schools/{school_id}/symptoms', { path: { school_id }, query: queryOf(measure) }),
  ]);
  return { classes, name: schools.rows.find((one) => one.id === school_id)?.name ?? '', usual: new Map(usual.rows.map((row) => [row.id, row])) };
}

interface RowProps {
  of: SchoolClass;
  gauge: ClassSymptomGauge | undefined;
  usual: UsualCount | undefined;
  measure: Measure;
}

function ClassRow({ of, gauge, usual, measure }: RowProps) {
  const w = words();
  const n = gauge?.[measure] ?? 0;
  const judged = judgeCount(n, usual);
  return (
    <tr data-class={of.id}>
      <th scope="row">
        {className(of)} <JudgementMark of={judged} /> {gauge?.near_closure && <span class="mark state-unacknowledged">{w.nearClass}</span>}
      </th>
      <td>{gauge?.enrolled ?? of.students}</td>
      {MEASURES.map((one) => (
        <td key={one} class={`${one === measure ? `chosen ${judged}` : 'other-measure'} ${gauge?.[one] ? '' : 'zero'}`} data-count={one}>
          {gauge?.[one] ?? 0}
        </td>
      ))}
      <td data-count="usual">{usual?.usual ?? '−'}</td>
      <td>
        <Spark rates={ratesOf(usual, n, gauge?.enrolled ?? of.students)} top={20} />
      </td>
    </tr>
  );
}

function SchoolSymptoms({ id, name, classes, usual, measure }: Loaded & { id: number; measure: Measure }) {
  const topic = useTopic<ClassSymptomGauge>(`class_symptoms/school/${id}`);
  const w = words();
  const heading = usePageTitle(w.schoolTitle(name));
  if (topic.state.value === 'gone') return <FailurePage reason="forbidden" />;
  return (
    <div class={`page ${topic.state.value === 'stale' ? 'stale' : ''}`} data-state={topic.state.value}>
      <div class="staff-head">
        <PageTop back={`/city/symptoms${measure === 'ill' ? '' : `?symptom=${measure}`}`} text={w.back} heading={heading} />
        <p class="head-day digits">{formatDay(today.value)}</p>
        <a class="button" href={`/school/${id}/surveillance`}>
          {w.sheet}
        </a>
      </div>
      <MeasureChoice />
      <p class="sub">{w.note}</p>
      <div class="table-frame" tabIndex={0} role="region" aria-label={w.class}>
        <table class="class-table symptom-table">
          <thead>
            <tr>
              <th scope="col">{w.class}</th>
              <th scope="col">{w.enrolled}</th>
              {MEASURES.map((one) => (
                <th key={one} scope="col" class={one === measure ? 'chosen' : 'other-measure'}>
                  {one === 'ill' ? w.shortIll : w.short[one]}
                </th>
              ))}
              <th scope="col">{w.usualHead}</th>
              <th scope="col">{w.days}</th>
            </tr>
          </thead>
          <tbody class="digits">
            {classes.map((one) => (
              <ClassRow key={one.id} of={one} gauge={topic.rows.value.get(one.id)} usual={usual.get(one.id)} measure={measure} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export function SchoolSymptomsScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const measure = chosenMeasure();
  const { data, error, retry } = useResource(() => load(id, measure), [id, measure, today.value]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <SchoolSymptoms id={id} {...data} measure={measure} />;
}
