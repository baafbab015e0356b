import { featureWords } from '../app/i18n';
import { person } from '../app/words/ja/person';

export const words = featureWords('person', person);
