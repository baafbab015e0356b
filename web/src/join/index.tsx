// /join: from the school's letter to an account, or, for whoever is signed in, to one more child.
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { arrivedCode, codeTaken } from '../app/arriving';
import { navigate, place } from '../app/router';
import { session } from '../app/session';
import { formatCode } from '../person/code';
import { Loading } from '../ui/loading';
import { answers, newCode, pathOf, reachable, type StepName } from './answers';
import { ChildStep } from './child';
import { CodeStep } from './code';
import { ConfirmStep } from './confirm';
import { DoneStep } from './done';
import { MailStep } from './mail';
import { NameStep } from './name';
import { PasswordStep } from './password';

const steps: Record<StepName, () => preact.JSX.Element> = {
  code: CodeStep,
  child: ChildStep,
  mail: MailStep,
  confirm: ConfirmStep,
  name: NameStep,
  password: PasswordStep,
  done: DoneStep,
};

export function JoinScreen({ params }: { params: Record<string, string> }) {
  const asked = params.step ?? 'code';
  const step = reachable(asked, answers.now.value, Boolean(session.value));
  const here = step === asked;
  const arrived = arrivedCode('/join').value;
  useLayoutEffect(() => {
    if (!arrived) return;
    answers.change({ ...newCode(formatCode(arrived)), arriving: true });
    codeTaken('/join');
  }, [arrived]);
  useEffect(() => {
    // The screen may be on its way out: only the address that is still shown is put right.
    if (!here && place.value.path.startsWith('/join')) navigate(pathOf(step), { replace: true });
  }, [here, step]);
  if (!here) return <Loading />;
  const Shown = steps[step];
  return <Shown />;
}
