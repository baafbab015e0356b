import { featureWords } from '../app/i18n';
import { join } from '../app/words/ja/join';

export const words = featureWords('join', join);
