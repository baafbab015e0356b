import { featureWords } from '../app/i18n';
import { student } from '../app/words/ja/student';

export const words = featureWords('student', student);
