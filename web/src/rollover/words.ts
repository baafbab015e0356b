import { featureWords } from '../app/i18n';
import { rollover } from '../app/words/ja/rollover';

export const words = featureWords('rollover', rollover);
