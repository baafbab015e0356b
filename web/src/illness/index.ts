import '../guardian/guardian.css';

export { ReturnScreen } from './return';
export { TellScreen } from './tell';
