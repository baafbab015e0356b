import { featureWords } from '../app/i18n';
import { health } from '../app/words/ja/health';

export const words = featureWords('health', health);
