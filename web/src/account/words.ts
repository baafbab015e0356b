import { featureWords } from '../app/i18n';
import { account } from '../app/words/ja/account';

export const words = featureWords('account', account);
