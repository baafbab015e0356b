import { featureWords } from '../app/i18n';
import { manage } from '../app/words/ja/manage';

export const words = featureWords('manage', manage);
