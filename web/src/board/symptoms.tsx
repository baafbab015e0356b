// The city's map of symptoms: how many children are ill today at each school, against the school's own last days.
import { request } from '../app/api';
import { useTopic } from '../app/connection';
import { formatDay } from '../app/days';
import type { Measure, SymptomGauge, UsualCount } from '../app/gives/health';
import { t } from '../app/i18n';
import type { School } from '../app/nouns';
import { useResource } from '../app/resource';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { usePageTitle } from '../ui/page';
import { Districts } from './districts';
import { judgeCount } from './judge';
import { Legend } from './mark';
import { TileFrame } from './tile';
import { BoardViews } from './views';
import { words } from './words';

export const MEASURES = ['ill', 'fever', 'headache', 'respiratory', 'diarrhea', 'nausea', 'rash', 'flu_like', 'other_symptom', 'suspended'] as const satisfies Measure[];

/** As the address says: what is counted. */
export function chosenMeasure(): Measure {
  const asked = place.value.query.get('symptom');
  return MEASURES.find((one) => one === asked) ?? 'ill';
}

export const queryOf = (measure: Measure) => ({ symptom: measure === 'other_symptom' ? ('other' as const) : measure });

/** The last days and today, as shares of those enrolled. */
export function ratesOf(usual: UsualCount | undefined, n: number, enrolled: number): number[] {
  return [...(usual?.counts ?? []), n].map((count) => (enrolled > 0 ? (100 * count) / enrolled : 0));
}

export function usualText(usual: UsualCount | undefined): string {
  return usual?.usual === null || usual?.usual === undefined ? words().unknown : words().usual(usual.usual);
}

export function MeasureChoice() {
  const w = words();
  const chosen = chosenMeasure();
  return (
    <div class="measures" role="radiogroup" aria-label={w.choose}>
      {MEASURES.map((one) => (
        <label key={one} class="chip">
          <input type="radio" name="symptom" checked={one === chosen} onChange={() => setQuery({ symptom: one === 'ill' ? undefined : one })} />
          <span>{w.of[one]}</span>
        </label>
      ))}
    </div>
  );
}

interface TileProps {
  school: School;
  name: string;
  gauge: SymptomGauge | undefined;
  usual: UsualCount | undefined;
  measure: Measure;
}

function SymptomTile({ school, name, gauge, usual, measure }: TileProps) {
  const w = words();
  const n = gauge?.[measure] ?? 0;
  const judged = judgeCount(n, usual);
  const near = gauge?.near_closure ?? 0;
  const most = MEASURES.filter((one) => one !== 'ill' && one !== measure && (gauge?.[one] ?? 0) > 0)
    .sort((a, b) => (gauge?.[b] ?? 0) - (gauge?.[a] ?? 0))
    .slice(0, 2);
  return (
    <TileFrame
      school={school}
      href={`/city/${school.id}/symptoms${measure === 'ill' ? '' : `?symptom=${measure}`}`}
      name={name}
      judged={judged}
      said={`${w.tile(school.name, w.of[measure], n, usualText(usual), t().board[judged])} ${near > 0 ? w.near(near) : ''}`}
      figure={String(n)}
      unit={w.people}
      rates={ratesOf(usual, n, gauge?.enrolled ?? school.students)}
      counts={most.map((one) => [one === 'ill' ? w.of.ill : w.short[one], gauge?.[one] ?? 0, one])}
      alarm={near > 0 && <span data-count="near">{w.near(near)}</span>}
      usual={usualText(usual)}
    />
  );
}

interface Loaded {
  schools: School[];
  usual: Map<number, UsualCount>;
}

async function load(measure: Measure): Promise<Loaded> {
  const [schools, usual] = await Promise.all([request('GET /api/schools'), request('GET /api/city/symptoms', { query: queryOf(measure) })]);
  return { schools: schools.rows, usual: new Map(usual.rows.map((row) => [row.id, row])) };
}

function SymptomMap({ schools, usual, measure }: Loaded & { measure: Measure }) {
  const topic = useTopic<SymptomGauge>('symptoms/all');
  const w = words();
  const heading = usePageTitle(w.title);
  if (topic.state.value === 'gone') return <FailurePage reason="forbidden" />;
  const gauges = topic.rows.value;
  const all = [...gauges.values()];
  const counts = { usual: 0, raised: 0, high: 0 };
  for (const school of schools) counts[judgeCount(gauges.get(school.id)?.[measure] ?? 0, usual.get(school.id))] += 1;
  const near = all.filter((one) => one.near_closure > 0);
  return (
    <div class={`board ${topic.state.value === 'stale' ? 'stale' : ''}`} data-state={topic.state.value}>
      <div class="board-head">
        <div class="board-title">
          {heading}
          <div class="row">
            <p class="head-day digits">{formatDay(today.value)}</p>
            <BoardViews />
          </div>
        </div>
        <div class="board-sum">
          <p class="board-rate digits" data-total="symptom">
            <span class="sub">{w.of[measure]}</span>
            {all.reduce((sum, one) => sum + one[measure], 0)}
            <small>{w.people}</small>
          </p>
          <p class="digits" data-total="near">
            {w.nearAll(near.reduce((sum, one) => sum + one.near_closure, 0), near.length)}
          </p>
          <Legend counts={counts} high={w.legendHigh} raised={w.legendRaised} />
        </div>
        <div class="board-choice">
          <MeasureChoice />
          <p class="sub">{w.note}</p>
        </div>
      </div>
      {topic.state.value === 'loading' ? (
        <Loading lines={8} />
      ) : (
        <Districts
          schools={schools}
          tile={(school, name) => <SymptomTile key={school.id} school={school} name={name} gauge={gauges.get(school.id)} usual={usual.get(school.id)} measure={measure} />}
        />
      )}
    </div>
  );
}

export function SymptomMapScreen() {
  const measure = chosenMeasure();
  const { data, error, retry } = useResource(() => load(measure), [measure, today.value]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <SymptomMap {...data} measure={measure} />;
}
