import { featureWords } from '../app/i18n';
import { requests } from '../app/words/ja/requests';

export const words = featureWords('requests', requests);
