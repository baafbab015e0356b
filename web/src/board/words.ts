import { featureWords } from '../app/i18n';
import { symptoms } from '../app/words/ja/symptoms';

export const words = featureWords('symptoms', symptoms);
