import { t } from '../app/i18n';
import type { SchoolClass } from '../app/nouns';
import { setQuery } from '../app/router';
import { words as requestWords } from '../requests/words';
import { className } from '../staff/roster';
import { Icon } from '../ui/icon';
import { type Filters as Chosen, isFiltered } from './filters';

interface Props {
  filters: Chosen;
  classes: SchoolClass[];
}

function Select(props: { label: string; value: string; options: [value: string, text: string][]; onChange: (value: string) => void }) {
  return (
    <label class="filter">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <option value="">{t().office.all}</option>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Filters({ filters, classes }: Props) {
  const words = t().office;
  const grades = [...new Set(classes.map((one) => one.grade).filter((grade) => grade > 0))];
  const shown = classes.filter((one) => !filters.grade || one.grade === filters.grade);
  return (
    <div class="filters" role="group" aria-label={words.filters}>
      <Select
        label={words.gradeFilter}
        value={String(filters.grade ?? '')}
        options={grades.map((grade) => [String(grade), words.grade(grade)])}
        onChange={(grade) => setQuery({ grade, class: undefined })}
      />
      <Select
        label={words.classFilter}
        value={String(filters.class_id ?? '')}
        options={shown.map((one) => [String(one.id), className(one)])}
        onChange={(id) => setQuery({ class: id })}
      />
      <Select
        label={words.kindFilter}
        value={filters.kind ?? ''}
        options={[
          ['absent', t().kind.absent],
          ['late', t().kind.late],
          ['leave_early', t().kind.leave_early],
          ['attend', t().kind.attend],
        ]}
        onChange={(kind) => setQuery({ kind })}
      />
      <Select
        label={words.stateFilter}
        value={filters.open ? 'open' : filters.asked ? 'request' : ''}
        options={[
          ['open', t().state.unacknowledged],
          ['request', requestWords().filter],
        ]}
        onChange={(state) => setQuery({ state })}
      />
      {isFiltered(filters) && (
        <button
          type="button"
          class="button quiet"
          onClick={() => setQuery({ grade: undefined, class: undefined, kind: undefined, state: undefined })}
        >
          <Icon name="close" />
          {words.clear}
        </button>
      )}
    </div>
  );
}
