import { isProblem } from '../app/api';
import { navigate } from '../app/router';
import { answers, notStarted, pathOf } from './answers';

/** A registration lives for a while. When it is over, the answers stay and the way begins again at the code. */
export async function orRestart(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isProblem(error, 'registration_over')) throw error;
    answers.change({ ...notStarted(), restarted: true });
    navigate(pathOf('code'));
  }
}
