import { t } from '../app/i18n';
import type { Child } from '../app/nouns';
import { Icon } from './icon';

type HasPhone = Pick<Child, 'school_id' | 'school_name' | 'school_phone'>;

/** The schools' telephone numbers, each once, ready to be tapped. */
export function Phones({ of }: { of: HasPhone[] }) {
  const schools = of.filter((a, i) => a.school_phone && of.findIndex((b) => b.school_id === a.school_id) === i);
  if (schools.length === 0) return null;
  return (
    <ul class="phones">
      {schools.map((school) => (
        <li key={school.school_id}>
          <a class="button" href={`tel:${school.school_phone.replace(/[^\d+]/g, '')}`}>
            <Icon name="phone" />
            {t().home.call(school.school_name)} <span class="digits">{school.school_phone}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
