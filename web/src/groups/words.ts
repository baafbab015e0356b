import { featureWords } from '../app/i18n';
import { groups } from '../app/words/ja/groups';

export const words = featureWords('groups', groups);
