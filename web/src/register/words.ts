import { featureWords } from '../app/i18n';
import { register } from '../app/words/ja/register';

export const words = featureWords('register', register);
