import { featureWords } from '../app/i18n';
import { rosterImport } from '../app/words/ja/roster-import';

export const words = featureWords('roster-import', rosterImport);
