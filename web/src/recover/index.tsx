// /recover: a forgotten id or password, by mail or with a code from the school; and stopping a change of address.
import { useEffect } from 'preact/hooks';
import { navigate, place } from '../app/router';
import { Loading } from '../ui/loading';
import { answers, pathOf, reachable, type StepName } from './answers';
import { ConfirmStep } from './confirm';
import { DoneStep, PasswordStep } from './password';
import { StopStep } from './stop';
import { CodeStep, WhoStep } from './who';

const steps: Record<StepName, () => preact.JSX.Element> = {
  who: WhoStep,
  code: CodeStep,
  confirm: ConfirmStep,
  password: PasswordStep,
  done: DoneStep,
  stop: StopStep,
};

export function RecoverScreen({ params }: { params: Record<string, string> }) {
  const asked = params.step ?? 'who';
  const step = reachable(asked, answers.now.value);
  const here = step === asked;
  useEffect(() => {
    if (!here && place.value.path.startsWith('/recover')) navigate(pathOf(step), { replace: true });
  }, [here, step]);
  if (!here) return <Loading />;
  const Shown = steps[step];
  return <Shown />;
}
