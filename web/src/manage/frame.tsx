import '../staff/staff.css';
import './manage.css';
import type { ComponentChildren } from 'preact';
import { t } from '../app/i18n';
import { navigate } from '../app/router';
import { usePageTitle } from '../ui/page';
import { nameOf, pathOf, type Tab, tabsOf, useAreas } from './area';
import { words } from './words';

interface Props {
  school_id?: number;
  tab: Tab;
  /** When the page is one behind a tab: its own heading, and where the tab leads stays reachable. */
  title?: string;
  /** Beside the heading: figures, buttons. */
  beside?: ComponentChildren;
  children: ComponentChildren;
}

function AreaChoice({ school_id, tab }: Pick<Props, 'school_id' | 'tab'>) {
  const areas = useAreas();
  const name = school_id === undefined ? words().city : nameOf(areas, school_id);
  if (areas.length < 2) return <span class="area-name">{name}</span>;
  const choose = (value: string) => {
    const id = value ? Number(value) : undefined;
    const [first = 'roster'] = tabsOf(id);
    navigate(pathOf(tabsOf(id).includes(tab) ? tab : first, id));
  };
  return (
    <label class="area-choice">
      <span class="for-readers">{words().areas}</span>
      <select value={String(school_id ?? '')} onChange={(event) => choose(event.currentTarget.value)}>
        {areas.map((area) => (
          <option key={area.school_id ?? 0} value={String(area.school_id ?? '')}>
            {area.school_id === undefined ? words().city : area.name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Around every page of the administration: whose, which page, the heading. */
export function Manage({ school_id, tab, title, beside, children }: Props) {
  const heading = usePageTitle(title ?? words().tabs[tab]);
  return (
    <div class="page manage">
      <div class="manage-bar no-print">
        <AreaChoice school_id={school_id} tab={tab} />
        <nav class="manage-tabs" aria-label={words().tabsOf(t().view.manage)}>
          {tabsOf(school_id).map((one) => (
            <a key={one} href={pathOf(one, school_id)} aria-current={one === tab ? (title ? 'true' : 'page') : undefined}>
              {words().tabs[one]}
            </a>
          ))}
        </nav>
      </div>
      <div class="manage-head no-print">
        {heading}
        {beside}
      </div>
      {children}
    </div>
  );
}
