// /staff-join: from the code of an invitation to an account of one's own, or to one more role of the account that is there.
import '../person/person.css';
import '../signin/signin.css';
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { arrivedCode, codeTaken } from '../app/arriving';
import { dayOf, formatDay } from '../app/days';
import type { StaffInvitation } from '../app/nouns';
import { Problem } from '../app/problem';
import { navigate } from '../app/router';
import { loadSession, session, signIn } from '../app/session';
import { explainSignin } from '../signin/explain';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { words } from './words';

const PASSWORD_MIN = 8;

const explain = (error: unknown): string =>
  (error instanceof Problem && words().trouble[error.code]) || explainSignin(error);

/** One thing at a time that may fail; what went wrong, in words. */
function useSending() {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const send = async (work: () => Promise<void>) => {
    setSending(true);
    setProblem('');
    try {
      await work();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setSending(false);
    }
  };
  return { sending, problem, setProblem, send };
}

function Trouble({ text }: { text: string }) {
  return text ? (
    <Notice tone="bad" urgent>
      {text}
    </Notice>
  ) : null;
}

function Code({ code, setCode, onFound }: { code: string; setCode: (code: string) => void; onFound: (it: StaffInvitation) => void }) {
  const { sending, problem, setProblem, send } = useSending();
  const w = words().code;
  const look = () =>
    code.trim() ? send(async () => onFound(await request('POST /api/staff-invitations/look', { body: { code } }))) : setProblem(w.empty);
  useEffect(() => {
    if (code) void look();
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    void look();
  };
  return (
    <form class="step-form" onSubmit={submit} noValidate>
      <p>{w.lead}</p>
      <label class="field">
        <span>{w.label}</span>
        <input
          name="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={40}
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <Trouble text={problem} />
      <button class="button primary wide" disabled={sending}>
        {sending ? words().sending : w.submit}
      </button>
    </form>
  );
}

function Facts({ of }: { of: StaffInvitation }) {
  const w = words().found;
  const role = words().roles[of.role] ?? of.role;
  return (
    <dl class="facts">
      <div>
        <dt>{w.from}</dt>
        <dd>{of.school_name ?? w.city}</dd>
      </div>
      <div>
        <dt>{w.role}</dt>
        <dd>{of.class_name ? `${role}（${w.class(of.grade, of.class_name)}）` : role}</dd>
      </div>
      <div>
        <dt>{w.name}</dt>
        <dd>
          {of.family_name} {of.given_name}
        </dd>
      </div>
      <div>
        <dt>{w.until}</dt>
        <dd>{formatDay(dayOf(of.expires_at))}</dd>
      </div>
    </dl>
  );
}

function Accept({ code }: { code: string }) {
  const { sending, problem, send } = useSending();
  const who = session.value;
  const accept = () =>
    send(async () => {
      await request('POST /api/staff-invitations/accept', { body: { code } });
      codeTaken('/staff-join');
      navigate('/', { replace: true });
      await loadSession();
    });
  return (
    <div class="step-form">
      <p>{words().acceptLead(`${who?.family_name} ${who?.given_name}`)}</p>
      <Trouble text={problem} />
      <button type="button" class="button primary wide" disabled={sending} onClick={() => void accept()}>
        {sending ? words().sending : words().accept}
      </button>
    </div>
  );
}

function Password({ code, onDone }: { code: string; onDone: (login: string, password: string) => void }) {
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const { sending, problem, setProblem, send } = useSending();
  const w = words().password;
  const field = {
    name: 'password',
    autocomplete: 'new-password',
    autocapitalize: 'none',
    spellcheck: false,
    maxLength: 200,
    value: password,
    onInput: (event: { currentTarget: HTMLInputElement }) => setPassword(event.currentTarget.value),
  } as const;
  const submit = (event: Event) => {
    event.preventDefault();
    if ([...password].length < PASSWORD_MIN) return setProblem(w.short);
    void send(async () => onDone((await request('POST /api/staff-invitations/join', { body: { code, password } })).login_id, password));
  };
  return (
    <form class="step-form" onSubmit={submit} noValidate>
      <p>{w.lead}</p>
      <label class="field">
        <span>{w.label}</span>
        {shown ? <input {...field} type="text" /> : <input {...field} type="password" />}
      </label>
      <label class="tick">
        <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} />
        <span>{w.show}</span>
      </label>
      <Trouble text={problem} />
      <button class="button primary wide" disabled={sending}>
        {sending ? words().sending : w.submit}
      </button>
      <p class="sub">{words().haveAccount}</p>
      <a class="button" href="/signin?next=%2Fstaff-join">
        {words().signIn}
      </a>
    </form>
  );
}

function Done({ login, password }: { login: string; password: string }) {
  const { sending, problem, send } = useSending();
  const w = words().done;
  const heading = usePageTitle(w.title);
  const go = () =>
    send(async () => {
      await signIn(login, password, false);
      navigate('/', { replace: true });
    });
  return (
    <div class="card enrol">
      {heading}
      <p>{w.lead}</p>
      <p class="secret">
        {w.id}: <code>{login}</code>
      </p>
      <Trouble text={problem} />
      <button type="button" class="button primary wide" disabled={sending} onClick={() => void go()}>
        {sending ? words().sending : w.go}
      </button>
    </div>
  );
}

function Join({ onDone }: { onDone: (login: string, password: string) => void }) {
  const [code, setCode] = useState(arrivedCode('/staff-join').value);
  const [invitation, setInvitation] = useState<StaffInvitation>();
  const heading = usePageTitle(words().title);
  if (!invitation) {
    return (
      <div class="card enrol">
        {heading}
        <Code code={code} setCode={setCode} onFound={setInvitation} />
      </div>
    );
  }
  return (
    <div class="card enrol">
      {heading}
      <Facts of={invitation} />
      {session.value ? (
        <Accept code={code} />
      ) : invitation.has_account ? (
        <>
          <p>{words().known}</p>
          <a class="button primary wide" href="/signin?next=%2Fstaff-join">
            {words().signIn}
          </a>
        </>
      ) : (
        <Password code={code} onDone={onDone} />
      )}
      <button type="button" class="button" onClick={() => setInvitation(undefined)}>
        {words().other}
      </button>
    </div>
  );
}

export function StaffJoinScreen() {
  const [made, setMade] = useState<[login: string, password: string]>();
  const done = (login: string, password: string) => {
    codeTaken('/staff-join');
    setMade([login, password]);
  };
  return <div class="page narrow">{made ? <Done login={made[0]} password={made[1]} /> : <Join onDone={done} />}</div>;
}
