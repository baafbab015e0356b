import { featureWords } from '../app/i18n';
import { absenceList, daySheet } from '../app/words/ja/absence-list';

export const words = featureWords('absenceList', absenceList);
export const sheetWords = featureWords('daySheet', daySheet);
