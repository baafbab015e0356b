import { useState } from 'preact/hooks';
import { dayOf, formatDay, formatShortDay } from '../app/days';
import type { Registrant, RegistrantGuardian, Rights } from '../app/gives/registrants';
import { words as shared } from '../manage/words';
import { State, type Shape, type Tone } from '../manage/state';
import { className } from '../staff/roster';
import { fullName, Name } from '../ui/name';
import { RightsChoice, RightsWord } from './rights';
import { words } from './words';

const AT_ONCE = 200;

interface Props {
  rows: Registrant[];
  school_id: number;
  /** Rights may be changed and letters made. */
  manages: boolean;
  busy: boolean;
  onRights: (child: Registrant, guardian: RegistrantGuardian, rights: Rights) => void;
}

function LastUse({ at }: { at: string | null }) {
  return at ? <span class="sub digits">{words().lastSignIn(formatShortDay(dayOf(at)))}</span> : <span class="sub">{words().neverSignedIn}</span>;
}

function Guardian({ child, of, manages, busy, onRights }: Omit<Props, 'rows' | 'school_id'> & { child: Registrant; of: RegistrantGuardian }) {
  const name = fullName(of);
  return (
    <li class="registrant-guardian" data-account={of.account_id}>
      <span class="who">
        <span class="sub">{words().relation[of.relation] ?? of.relation}</span> {name}
      </span>
      {manages ? (
        <RightsChoice
          rights={of.rights}
          label={words().rightsOf(name, fullName(child))}
          disabled={busy}
          onChange={(rights) => onRights(child, of, rights)}
        />
      ) : (
        <RightsWord rights={of.rights} />
      )}
      <LastUse at={of.last_signed_in_at} />
      {of.unreached && of.rights !== 'blocked' && (
        <State shape="alert" tone="bad">
          {words().unreached[of.unreached]}
        </State>
      )}
      {!of.unreached && of.mail === 'problem' && (
        <State shape="alert" tone="bad">
          {words().mail.problem}
        </State>
      )}
      {!of.unreached && of.mail === 'none' && <span class="sub">{words().mail.none}</span>}
    </li>
  );
}

const letterLooks: Record<Registrant['letter'], [Shape, Tone]> = {
  none: ['dash', 'quiet'],
  open: ['half', 'info'],
  used: ['done', 'good'],
  expired: ['alert', 'warn'],
  revoked: ['cross', 'quiet'],
};

/** What became of the child's letter, where that still matters. */
function Letter({ child }: { child: Registrant }) {
  const [shape, tone] = letterLooks[child.letter];
  return (
    <span>
      <State shape={shape} tone={tone}>
        {words().letterState[child.letter]}
      </State>
      {child.letter === 'open' && child.letter_expires_at && (
        <span class="sub digits"> {words().until(formatDay(dayOf(child.letter_expires_at)))}</span>
      )}
    </span>
  );
}

function Missing({ child, school_id, manages }: { child: Registrant; school_id: number; manages: boolean }) {
  return (
    <div class="registrant-missing">
      <State shape="ring" tone="warn">
        {words().none}
      </State>
      <Letter child={child} />
      {manages && (
        <a class="button small" href={`/school/${school_id}/letters?student=${child.student_id}`} aria-label={words().oneLetterOf(fullName(child))}>
          {words().oneLetter}
        </a>
      )}
    </div>
  );
}

function Row({ child, school_id, ...rest }: Omit<Props, 'rows'> & { child: Registrant }) {
  const { manages } = rest;
  return (
    <tr class={child.guardians.length === 0 ? 'missing' : undefined} data-student={child.student_id}>
      <td class="number">
        <span class="sub">{className({ grade: child.grade, name: child.class_name })}</span> {child.number}
      </td>
      <th scope="row" class="registrant-name">
        {manages ? (
          <a href={`/school/${school_id}/students/${child.student_id}`}>
            <Name of={child} />
          </a>
        ) : (
          <Name of={child} />
        )}
      </th>
      <td>
        {child.guardians.length === 0 ? (
          <Missing child={child} school_id={school_id} manages={manages} />
        ) : (
          <ul class="registrant-guardians">
            {child.guardians.map((one) => (
              <Guardian key={one.account_id} child={child} of={one} {...rest} />
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}

export function RegistrantList({ rows, ...rest }: Props) {
  const [limit, setLimit] = useState(AT_ONCE);
  if (rows.length === 0) return <p class="empty panel">{words().empty}</p>;
  return (
    <>
      <table class="list-table registrants">
        <thead>
          <tr>
            <th scope="col" class="number">
              {words().number}
            </th>
            <th scope="col">{words().child}</th>
            <th scope="col">{words().guardians}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((child) => (
            <Row key={child.student_id} child={child} {...rest} />
          ))}
        </tbody>
      </table>
      {rows.length > limit && (
        <button type="button" class="button wide" onClick={() => setLimit(limit + AT_ONCE)}>
          {shared().more(rows.length - limit)}
        </button>
      )}
    </>
  );
}
