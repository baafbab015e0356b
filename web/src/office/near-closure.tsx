import { useTopic } from '../app/connection';
import type { ClassSymptomGauge } from '../app/gives/health';
import type { SchoolClass } from '../app/nouns';
import { words } from '../health/words';
import { className } from '../staff/roster';

/** Classes that are near a closure, as soon as reports say so. */
export function NearClosure({ school_id, classes }: { school_id: number; classes: SchoolClass[] }) {
  const { rows } = useTopic<ClassSymptomGauge>(`class_symptoms/school/${school_id}`);
  const near = classes.filter((one) => rows.value.get(one.id)?.near_closure);
  if (near.length === 0) return null;
  const w = words();
  return (
    <div class="notice warn" role="status" data-near={near.map((one) => one.id).join()}>
      <div>
        <b>{w.near}</b>　{w.nearOffice(near.map(className).join('、'))}
      </div>
      <a class="button small" href={`/school/${school_id}/surveillance`}>
        {w.toSheet}
      </a>
    </div>
  );
}
