// What changed when, of the roster's record and of the guardians' rights: one list, newest first.
import { formatDay, formatInstant } from '../app/days';
import type { GuardianshipVersion } from '../app/gives/registrants';
import type { StudentVersion } from '../app/gives/roster';
import { today } from '../app/store';
import { words as registrants } from '../registrants/words';
import { className } from '../staff/roster';
import { fullName } from '../ui/name';
import { words } from './words';

interface Entry {
  key: string;
  at: string;
  what: string;
  by: string;
  text: string;
}

function ofStudent(of: StudentVersion): Entry {
  const place = `${of.school_name} ${className({ grade: of.grade, name: of.class_name })} ${of.number}番`;
  const names = `${fullName(of)}（${of.family_kana} ${of.given_kana}）`;
  return {
    key: `s${of.version}`,
    at: of.made_at,
    what: words().action[of.action] ?? of.action,
    by: of.import_id ? words().byImport : (of.made_by ?? words().system),
    text: [place, names, of.left_on ? words().left(formatDay(of.left_on)) : ''].filter(Boolean).join(' '),
  };
}

function ofGuardian(of: GuardianshipVersion): Entry {
  const { relation, rights } = registrants();
  return {
    key: `g${of.account_id}-${of.version}`,
    at: of.made_at,
    what: words().guardianAction[of.action] ?? of.action,
    by: words().madeBy[of.made_by] ?? '',
    text: [`${fullName(of)}（${relation[of.relation] ?? of.relation}）`, rights[of.rights], of.valid_to ? words().until(formatDay(of.valid_to)) : ''].filter(Boolean).join(' '),
  };
}

export function History({ versions, guardians }: { versions: StudentVersion[]; guardians: GuardianshipVersion[] }) {
  const entries = [...versions.map(ofStudent), ...guardians.map(ofGuardian)].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section class="panel" aria-labelledby="history-title">
      <h2 id="history-title">{words().history}</h2>
      {entries.length === 0 && <p class="empty">{words().noHistory}</p>}
      <ol class="history-rows">
        {entries.map((one) => (
          <li key={one.key}>
            <b>{one.what}</b>
            <span>{one.text}</span>
            <span class="sub digits">
              {formatInstant(one.at, today.value)} {one.by}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
