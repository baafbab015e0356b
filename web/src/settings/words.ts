import { featureWords } from '../app/i18n';
import { settings } from '../app/words/ja/settings';

export const words = featureWords('settings', settings);
