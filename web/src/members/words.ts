import { featureWords } from '../app/i18n';
import { members } from '../app/words/ja/members';

export const words = featureWords('members', members);
