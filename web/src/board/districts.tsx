import type { ComponentChildren } from 'preact';
import type { School } from '../app/nouns';
import { shortSchool } from '../ui/name';
import { columnsOf, type District, placesOf, sharedStart } from './places';

interface Props {
  schools: readonly School[];
  /** `name`: as the school is known on the wall. */
  tile: (school: School, name: string) => ComponentChildren;
}

/** Every school of the city at its fixed place. */
export function Districts({ schools, tile }: Props) {
  const districts = placesOf(schools);
  const start = sharedStart(schools.map((school) => school.name));
  const tiles = (some: School[]) => some.map((school) => tile(school, shortSchool(school.name.slice(start.length))));
  const columns = columnsOf(districts.length);
  const rows = (count: (district: District) => number) => Math.max(1, ...districts.map((d) => Math.ceil(count(d) / columns)));
  const elementary = rows((district) => district.elementary.length);
  const others = rows((district) => district.others.length);
  const bands = {
    '--districts': districts.length,
    '--columns': columns,
    '--elementary': elementary,
    '--others': others,
    '--bands': `${elementary}fr ${others}fr`,
  };
  return (
    <div class="districts" style={bands}>
      {districts.map((district) => (
        <section key={district.name} class="district" aria-label={district.name}>
          <h2>{district.name}</h2>
          <div class="tiles elementary">{tiles(district.elementary)}</div>
          <div class="tiles others">{tiles(district.others)}</div>
        </section>
      ))}
    </div>
  );
}
