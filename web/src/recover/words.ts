import { featureWords } from '../app/i18n';
import { recover } from '../app/words/ja/recover';

export const words = featureWords('recover', recover);
