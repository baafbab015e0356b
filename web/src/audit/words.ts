import { featureWords } from '../app/i18n';
import { audit } from '../app/words/ja/audit';

export const words = featureWords('audit', audit);
