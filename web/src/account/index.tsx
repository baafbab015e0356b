// /account: one's own name, address, children and data. Each a small screen of its own.
import './account.css';

export { AccountScreen } from './menu';
export { NamesScreen } from './names';
export { ConsentScreen } from './consent';
export { MailScreen } from './mail';
export { DataScreen } from './data';
export { LeaveScreen, LeftScreen } from './leave';
export { TermsScreen } from './terms';
