import { featureWords } from '../app/i18n';
import { exports } from '../app/words/ja/exports';
import { settings } from '../app/words/ja/settings';

export const words = featureWords('settings', settings);
export const exportWords = featureWords('exports', exports);
