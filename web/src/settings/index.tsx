// 設定: what a school, or the city for all of them, decides once a year.
import './settings.css';
import { Manage } from '../manage/frame';
import { pathOf } from '../manage/area';
import { Calendar } from './calendar';
import { Exports } from './exports';
import { ClosureGuide, HealthShown } from './health';
import { Hours } from './hours';
import { Marks } from './marks';
import { Reasons } from './reasons';
import { Times } from './times';
import { words } from './words';

type Part = 'hours' | 'reasons' | 'calendar' | 'times' | 'marks' | 'exports' | 'health';
const SCHOOL_PARTS: Part[] = ['hours', 'reasons', 'calendar', 'times', 'exports', 'health'];
const CITY_PARTS: Part[] = ['hours', 'reasons', 'calendar', 'marks', 'exports', 'health'];

function Body({ part, school_id }: { part: Part; school_id?: number }) {
  if (part === 'reasons') return <Reasons school_id={school_id} />;
  if (part === 'calendar') return <Calendar school_id={school_id} />;
  if (part === 'exports') return <Exports school_id={school_id} />;
  if (part === 'health') return school_id === undefined ? <ClosureGuide /> : <HealthShown school_id={school_id} />;
  if (part === 'marks') return <Marks />;
  if (part === 'times' && school_id !== undefined) return <Times school_id={school_id} />;
  return <Hours school_id={school_id} />;
}

export function SettingsScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id) || undefined;
  const parts = school_id === undefined ? CITY_PARTS : SCHOOL_PARTS;
  const part = parts.find((one) => one === params.part) ?? 'hours';
  return (
    <Manage school_id={school_id} tab="settings">
      <nav class="settings-sections" aria-label={words().sections}>
        {parts.map((one) => (
          <a key={one} class="chip" href={`${pathOf('settings', school_id)}/${one}`} aria-current={one === part ? 'page' : undefined}>
            {words().section[one]}
          </a>
        ))}
      </nav>
      <Body key={`${school_id} ${part}`} part={part} school_id={school_id} />
    </Manage>
  );
}
