import { words } from './entry-words';

/** The ways to enter one child or class without a file. */
export function ByHand({ school_id }: { school_id: number }) {
  const w = words();
  return (
    <section class="panel" aria-labelledby="by-hand-title">
      <h2 id="by-hand-title">{w.title}</h2>
      <p class="sub">{w.lead}</p>
      <div class="row">
        <a class="button" href={`/school/${school_id}/students/new`}>
          {w.student.title}
        </a>
        <a class="button" href={`/school/${school_id}/classes/new`}>
          {w.class.title}
        </a>
      </div>
    </section>
  );
}
