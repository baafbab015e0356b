// What a guardian may do for a child: a word and a shape, changed in place, taken back as easily.
import { request } from '../app/api';
import type { Guardianship, Rights } from '../app/gives/registrants';
import { State, type Shape, type Tone } from '../manage/state';
import { words } from './words';

const ALL: Rights[] = ['report', 'read', 'contact', 'blocked'];
const looks: Record<Rights, [Shape, Tone]> = {
  report: ['done', 'good'],
  read: ['half', 'info'],
  contact: ['dash', 'quiet'],
  blocked: ['cross', 'bad'],
};

export function RightsWord({ rights }: { rights: Rights }) {
  const [shape, tone] = looks[rights];
  return (
    <State shape={shape} tone={tone}>
      {words().rights[rights]}
    </State>
  );
}

interface Props {
  rights: Rights;
  label: string;
  disabled?: boolean;
  onChange: (rights: Rights) => void;
}

export function RightsChoice({ rights, label, disabled, onChange }: Props) {
  const [shape, tone] = looks[rights];
  return (
    <label class={`rights-choice ${tone}`}>
      <span class="for-readers">{label}</span>
      <State shape={shape} tone={tone}>
        {''}
      </State>
      <select value={rights} disabled={disabled} onChange={(event) => onChange(event.currentTarget.value as Rights)}>
        {ALL.map((one) => (
          <option key={one} value={one}>
            {words().rights[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The change names the version that is there now, so that it never undoes what somebody else did a moment ago. */
export async function changeRights(student_id: number, account_id: number, rights: Rights): Promise<Guardianship | undefined> {
  const { rows } = await request('GET /api/students/{student_id}/guardians', { path: { student_id } });
  const now = rows.find((one) => one.account_id === account_id);
  if (!now) return undefined;
  const body = {
    version: now.version,
    relation: now.relation,
    rights,
    valid_from: now.valid_from,
    ...(now.valid_to ? { valid_to: now.valid_to } : {}),
  };
  const { version } = await request('PUT /api/students/{student_id}/guardians/{account_id}', { path: { student_id, account_id }, body });
  return { ...now, rights, version };
}
