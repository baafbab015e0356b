import { isProblem } from '../app/api';
import { navigate } from '../app/router';
import { answers, notStarted, pathOf } from './answers';

/** A recovery lives for a while; when it is over, it begins again. */
export async function orRestart(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isProblem(error, 'recovery_over')) throw error;
    const { by_mail } = answers.now.value;
    answers.change({ ...notStarted(), over: true });
    navigate(pathOf(by_mail ? 'who' : 'code'));
  }
}
