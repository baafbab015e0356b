import { featureWords } from '../app/i18n';
import { letters } from '../app/words/ja/letters';

export const words = featureWords('letters', letters);
