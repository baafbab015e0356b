// What changed when, of the roster's record and of the guardians' rights: one list, newest first.
import { formatDay } from '../app/days';
import type { GuardianVersion } from '../app/gives/registrants';
import type { StudentVersion } from '../app/gives/roster';
import { type HistoryEntry, HistoryList } from '../manage/history';
import type { Names } from '../person/nouns';
import { words as registrants } from '../registrants/words';
import { className } from '../staff/roster';
import { fullName } from '../ui/name';
import { words } from './words';

const withKana = (of: Names) => `${fullName(of)}（${of.family_kana} ${of.given_kana}）`;

function ofStudent(of: StudentVersion): HistoryEntry {
  const place = `${of.school_name} ${className({ grade: of.grade, name: of.class_name })} ${of.number}番`;
  return {
    key: `s${of.version}`,
    at: of.made_at,
    what: words().action[of.action] ?? of.action,
    by: of.import_id ? words().byImport : (of.made_by ?? words().system),
    text: [place, withKana(of), of.left_on ? words().left(formatDay(of.left_on)) : ''].filter(Boolean).join(' '),
  };
}

function ofGuardian(of: GuardianVersion): HistoryEntry {
  const entry = { at: of.made_at, what: words().guardianAction[of.action] ?? of.action, by: words().madeBy[of.made_by] ?? '' };
  if (of.action === 'renamed') {
    return { ...entry, key: `n${of.account_id}-${of.version}`, text: words().renamed(withKana(of.former), withKana(of)) };
  }
  const { relation, rights } = registrants();
  const text = [`${fullName(of)}（${relation[of.relation] ?? of.relation}）`, rights[of.rights], of.valid_to ? words().until(formatDay(of.valid_to)) : ''];
  return { ...entry, key: `g${of.account_id}-${of.version}`, text: text.filter(Boolean).join(' ') };
}

export function History({ versions, guardians }: { versions: StudentVersion[]; guardians: GuardianVersion[] }) {
  return <HistoryList entries={[...versions.map(ofStudent), ...guardians.map(ofGuardian)].sort((a, b) => b.at.localeCompare(a.at))} />;
}
