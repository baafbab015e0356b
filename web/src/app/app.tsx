import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Announcer } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Layout } from '../ui/layout';
import { Lazy } from '../ui/lazy';
import { Loading } from '../ui/loading';
import { Overlay } from '../ui/overlay';
import { whenProofDue } from './api';
import { kept } from './kept';
import { match, navigate, place } from './router';
import { homePath, isHalf, session } from './session';
import { startFailed, startSession } from './start';

type Params = Record<string, string>;
type Load = () => Promise<ComponentType<{ params: Params }>>;

const screens: [pattern: string, load: Load][] = [
  ['/home', () => import('../guardian').then((m) => m.Home)],
  ['/report', () => import('../guardian').then((m) => m.ReportScreen)],
  ['/sent/:refs', () => import('../guardian').then((m) => m.ReceiptScreen)],
  ['/absences/:id/correct', () => import('../guardian').then((m) => m.CorrectScreen)],
  ['/absences/:id/ask', () => import('../guardian').then((m) => m.AskScreen)],
  ['/children/:id/history', () => import('../guardian').then((m) => m.HistoryScreen)],
  ['/children/:id/school-health', () => import('../health/school').then((m) => m.SchoolHealthScreen)],
  ['/children/:id/illness', () => import('../illness').then((m) => m.TellScreen)],
  ['/children/:id/illness/:illness', () => import('../illness').then((m) => m.TellScreen)],
  ['/children/:id/illness/:illness/return', () => import('../illness').then((m) => m.ReturnScreen)],
  ['/classes', () => import('../teacher').then((m) => m.ClassesScreen)],
  ['/class/:id', () => import('../teacher').then((m) => m.ClassScreen)],
  ['/class/:id/absences', () => import('../absence-list').then((m) => m.ClassAbsencesScreen)],
  ['/school/:id/absences', () => import('../absence-list').then((m) => m.SchoolAbsencesScreen)],
  ['/school/:id/day-sheets', () => import('../absence-list/day-sheet').then((m) => m.DaySheetScreen)],
  ['/class/:id/register', () => import('../register').then((m) => m.RegisterScreen)],
  ['/school/:id/closures', () => import('../register').then((m) => m.ClosuresScreen)],
  ['/school/:id/illnesses', () => import('../illness/school').then((m) => m.IllnessesScreen)],
  ['/school/:id/surveillance', () => import('../health').then((m) => m.SurveillanceScreen)],
  ['/class/:id/roll', () => import('../roll').then((m) => m.RollScreen)],
  ['/school/:id', () => import('../office').then((m) => m.SchoolScreen)],
  ['/school/:id/registrants', () => import('../registrants').then((m) => m.RegistrantsScreen)],
  ['/school/:id/letters', () => import('../letters').then((m) => m.LettersScreen)],
  ['/school/:id/students/new', () => import('../roster/new-student').then((m) => m.NewStudentScreen)],
  ['/school/:id/classes/new', () => import('../roster/new-class').then((m) => m.NewClassScreen)],
  ['/school/:id/classes/:class', () => import('../roster/edit-class').then((m) => m.EditClassScreen)],
  ['/school/:id/students/:student', () => import('../student').then((m) => m.StudentScreen)],
  ['/school/:id/roster', () => import('../roster').then((m) => m.RosterScreen)],
  ['/school/:id/roster/:import', () => import('../roster').then((m) => m.ImportScreen)],
  ['/city/roster', () => import('../roster').then((m) => m.RosterScreen)],
  ['/city/roster/:import', () => import('../roster').then((m) => m.ImportScreen)],
  ['/school/:id/staff', () => import('../members').then((m) => m.MembersScreen)],
  ['/city/staff', () => import('../members').then((m) => m.MembersScreen)],
  ['/school/:id/groups', () => import('../groups').then((m) => m.GroupsScreen)],
  ['/school/:id/rollover', () => import('../rollover').then((m) => m.RolloverScreen)],
  ['/city/rollover', () => import('../rollover').then((m) => m.RolloverScreen)],
  ['/school/:id/settings', () => import('../settings').then((m) => m.SettingsScreen)],
  ['/school/:id/settings/:part', () => import('../settings').then((m) => m.SettingsScreen)],
  ['/city/settings', () => import('../settings').then((m) => m.SettingsScreen)],
  ['/city/settings/:part', () => import('../settings').then((m) => m.SettingsScreen)],
  ['/school/:id/audit', () => import('../audit').then((m) => m.AuditScreen)],
  ['/city/audit', () => import('../audit').then((m) => m.AuditScreen)],
  ['/city', () => import('../board').then((m) => m.CityScreen)],
  ['/city/symptoms', () => import('../board').then((m) => m.SymptomMapScreen)],
  ['/city/:id/symptoms', () => import('../board').then((m) => m.SchoolSymptomsScreen)],
  ['/city/absences', () => import('../absence-list/city-file').then((m) => m.CityFileScreen)],
  ['/city/:id', () => import('../board').then((m) => m.CitySchoolScreen)],
  ['/account', () => import('../account').then((m) => m.AccountScreen)],
  ['/account/names', () => import('../account').then((m) => m.NamesScreen)],
  ['/account/mail', () => import('../account').then((m) => m.MailScreen)],
  ['/account/invite/:id', () => import('../account/invite').then((m) => m.InviteScreen)],
  ['/account/consent', () => import('../account').then((m) => m.ConsentScreen)],
  ['/account/data', () => import('../account').then((m) => m.DataScreen)],
  ['/account/leave', () => import('../account').then((m) => m.LeaveScreen)],
  ['/account/notifications', () => import('../account/notifications').then((m) => m.NotificationsScreen)],
  ['/account/security', () => import('../account/security').then((m) => m.SecurityScreen)],
];

/** For whoever opens them, signed in or not. */
const openScreens: [pattern: string, load: Load][] = [
  ['/signin', () => import('../signin').then((m) => m.SigninScreen)],
  ['/join', () => import('../join').then((m) => m.JoinScreen)],
  ['/join/:step', () => import('../join').then((m) => m.JoinScreen)],
  ['/recover', () => import('../recover').then((m) => m.RecoverScreen)],
  ['/recover/:step', () => import('../recover').then((m) => m.RecoverScreen)],
  ['/terms', () => import('../account').then((m) => m.TermsScreen)],
  ['/left', () => import('../account').then((m) => m.LeftScreen)],
  ['/signin/oidc', () => import('../signin/oidc').then((m) => m.OidcScreen)],
  ['/staff-join', () => import('../staff-join').then((m) => m.StaffJoinScreen)],
  ['/demo/mails', () => import('../demo/mails').then((m) => m.DemoMailsScreen)],
];

/** The screen that was used last loads while the server is still being asked who this is. */
export function warmUp(): void {
  const last = kept<string>('view') ?? '';
  const screen = screens.find(([pattern]) => match(pattern, last));
  screen?.[1]().catch(() => undefined);
}

// Not `import(...).then(...)`: Vite counts what goes wrong in there as code that could not be loaded.
whenProofDue(async () => {
  const { askProof } = await import('../signin/proof');
  await askProof();
});

const secondFactorScreen: Load = () => import('../signin/second-factor').then((m) => m.SecondFactorScreen);

function Redirect({ to }: { to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return <Loading />;
}

function screenAt(path: string, among: [pattern: string, load: Load][]) {
  for (const [pattern, load] of among) {
    const params = match(pattern, path);
    if (params) return <Lazy key={pattern + JSON.stringify(params)} load={load} params={params} />;
  }
  return undefined;
}

function Screen() {
  const { path, query } = place.value;
  const who = session.value;
  if (isHalf.value) return <Lazy key="half" load={secondFactorScreen} params={{}} />;
  if (who && (path === '/' || path === '/signin')) {
    const next = query.get('next');
    return <Redirect to={next?.startsWith('/') && !next.startsWith('//') ? next : homePath()} />;
  }
  if (who === undefined && !startFailed.value) return <Loading />;
  const open = screenAt(path, openScreens);
  if (open) return open;
  if (who === undefined) return <FailurePage retry={startSession} />;
  if (who === null) return <Redirect to={path === '/' ? '/signin' : `/signin?next=${encodeURIComponent(path)}`} />;
  return screenAt(path, screens) ?? <FailurePage reason={path === '/nothing' ? 'nothing' : 'notFound'} />;
}

export function App() {
  return (
    <>
      <Layout>
        <Screen />
      </Layout>
      <Overlay />
      <Announcer />
    </>
  );
}
