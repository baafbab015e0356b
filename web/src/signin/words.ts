import { featureWords } from '../app/i18n';
import { factors } from '../app/words/ja/factors';

export const words = featureWords('factors', factors);
