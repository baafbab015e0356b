import './student.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { ResetCode } from '../app/gives/registrants';
import { useResource } from '../app/resource';
import { session } from '../app/session';
import { Manage } from '../manage/frame';
import { tabsOf } from '../manage/area';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { fullName } from '../ui/name';
import { GuardianCard } from './guardian';
import { History } from './history';
import { IllnessSection } from './illness';
import { Record } from './record';
import { ResetSlip } from './slip';
import { StandingSection } from './standing';
import { Transfers } from './transfer';
import { words } from './words';

async function load(school_id: number, student_id: number) {
  const path = { student_id };
  const [student, versions, guardians, guardianVersions, classes] = await Promise.all([
    request('GET /api/students/{student_id}', { path }),
    request('GET /api/students/{student_id}/versions', { path }),
    request('GET /api/students/{student_id}/guardians', { path }),
    request('GET /api/students/{student_id}/guardians/versions', { path }),
    loadClasses(),
  ]);
  // The board sees no classes of its own: it asks for the school's.
  const own = classes.filter((one) => one.school_id === school_id);
  return {
    student,
    versions: versions.rows,
    guardians: guardians.rows,
    guardianVersions: guardianVersions.rows,
    classes: own.length > 0 ? own : await loadClasses(school_id),
  };
}

type Loaded = Awaited<ReturnType<typeof load>>;

function Student({ school_id, student, guardians, versions, guardianVersions, classes, reload }: Loaded & { school_id: number; reload: () => void }) {
  const [slip, setSlip] = useState<ResetCode>();
  const child = fullName(student);
  return (
    <Manage
      school_id={school_id}
      tab="registrants"
      title={words().title(child)}
      beside={
        <p class="row">
          <span>
            {student.family_kana} {student.given_kana}
          </span>
          <span class="digits">
            {className({ grade: student.grade, name: student.class_name })} {student.number}番
          </span>
        </p>
      }
    >
      {slip && <ResetSlip code={slip} school={student.school_name} onClose={() => setSlip(undefined)} />}
      <div class="student-body no-print">
        <div class="stack">
          <Record of={student} classes={classes} onChanged={reload} />
          {session.value?.roles.some((role) => role.school_id === school_id) && (
            <>
              <IllnessSection class_id={student.class_id} student_id={student.id} left={student.left_on !== null} />
              <StandingSection school_id={school_id} student_id={student.id} left={student.left_on !== null} />
            </>
          )}
          <Transfers of={student} classes={classes} onChanged={reload} />
        </div>
        <section class="stack" aria-labelledby="guardians-title">
          <div class="row">
            <h2 id="guardians-title">{words().guardians}</h2>
            <a class="button push" href={`/school/${school_id}/letters?student=${student.id}`}>
              {guardians.length > 0 ? words().letterMore : words().letter}
            </a>
          </div>
          {guardians.length === 0 && <p class="empty panel">{words().noGuardians}</p>}
          {guardians.map((one) => (
            <GuardianCard key={one.account_id} student_id={student.id} child={child} of={one} onChanged={reload} onReset={setSlip} />
          ))}
          <History versions={versions} guardians={guardianVersions} />
          {tabsOf(school_id).includes('audit') && <a href={`/school/${school_id}/audit?student=${student.id}`}>{words().audit}</a>}
        </section>
      </div>
    </Manage>
  );
}

export function StudentScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const student_id = Number(params.student);
  const { data, error, retry } = useResource(() => load(school_id, student_id), [school_id, student_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <Student key={student_id} school_id={school_id} {...data} reload={retry} />;
}
