import { featureWords } from '../app/i18n';
import { rosterEntry } from '../app/words/ja/roster-entry';

export const words = featureWords('roster-entry', rosterEntry);
