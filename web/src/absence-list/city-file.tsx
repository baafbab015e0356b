// The city's reports as a file, for the board: without names. A link, so that the browser keeps it while it comes.
import '../staff/staff.css';
import '../office/office.css';
import './absence-list.css';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';
import { Select } from '../manage/parts';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { askedFrom, isPeriod } from './ask';
import { Period } from './tools';
import { words } from './words';

export function CityFileScreen() {
  const w = words();
  const asked = askedFrom(place.value.query, today.value);
  const heading = usePageTitle(w.city.title);
  const all = (of: Record<string, string>) => [['', w.all] as const, ...Object.entries(of)];
  const linkTo = (format: string) => {
    const query = new URLSearchParams({ from: asked.from, to: asked.to, format });
    if (asked.kind) query.set('kind', asked.kind);
    if (asked.state) query.set('state', asked.state);
    return `/api/city/absences?${query}`;
  };
  return (
    <div class="page list-page">
      <PageTop back="/city" heading={heading} />
      <p>{w.city.lead}</p>
      <div class="list-tools">
        <Period asked={asked} />
        <Select label={w.kind} value={asked.kind ?? ''} options={all(w.kinds)} onChange={(kind) => setQuery({ kind })} />
        <Select label={w.state} value={asked.state ?? ''} options={all(w.states)} onChange={(state) => setQuery({ state })} />
      </div>
      {isPeriod(asked) ? (
        <div class="row">
          {Object.entries(w.formats).map(([format, text]) => (
            <a key={format} class="button" href={linkTo(format)} download>
              {w.city.take(text)}
            </a>
          ))}
        </div>
      ) : (
        <Notice tone="bad">{w.badPeriod}</Notice>
      )}
    </div>
  );
}
