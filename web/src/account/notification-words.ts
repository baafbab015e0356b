import { featureWords } from '../app/i18n';
import { notifications } from '../app/words/ja/notifications';

export const words = featureWords('notifications', notifications);
