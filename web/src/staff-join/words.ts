import { featureWords } from '../app/i18n';
import { staffJoin } from '../app/words/ja/staff-join';

export const words = featureWords('staffJoin', staffJoin);
