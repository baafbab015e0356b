// For teachers without a class of their own: the classes that they may look at.
import { t } from '../app/i18n';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { usePageTitle } from '../ui/page';

function Grade({ classes }: { classes: SchoolClass[] }) {
  return (
    <ul class="row">
      {classes.map((one) => (
        <li key={one.id}>
          <a class="button" href={`/class/${one.id}`}>
            {className(one)}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function ClassesScreen() {
  const { data, error, retry } = useResource(() => loadClasses(), []);
  const heading = usePageTitle(t().roster.classes);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  const grades = [...new Set(data?.map((one) => one.grade))];
  return (
    <div class="page">
      {heading}
      {!data && <Loading />}
      {data?.length === 0 && <p class="empty">{t().roster.noClasses}</p>}
      {grades.map((grade) => (
        <Grade key={grade} classes={data?.filter((one) => one.grade === grade) ?? []} />
      ))}
    </div>
  );
}
