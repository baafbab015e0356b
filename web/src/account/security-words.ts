import { featureWords } from '../app/i18n';
import { security } from '../app/words/ja/security';

export const words = featureWords('security', security);
