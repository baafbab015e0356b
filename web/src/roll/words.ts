import { featureWords } from '../app/i18n';
import { roll } from '../app/words/ja/roll';

export const words = featureWords('roll', roll);
