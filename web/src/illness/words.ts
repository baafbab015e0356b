import { featureWords } from '../app/i18n';
import { illness } from '../app/words/ja/illness';

export const words = featureWords('illness', illness);
