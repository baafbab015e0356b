import { featureWords } from '../app/i18n';
import { registrants } from '../app/words/ja/registrants';

export const words = featureWords('registrants', registrants);
