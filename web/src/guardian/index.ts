import './guardian.css';

export { AskScreen, CorrectScreen } from './correct';
export { HistoryScreen } from './history';
export { Home } from './home';
export { ReceiptScreen } from './receipt';
export { ReportScreen } from './report';
