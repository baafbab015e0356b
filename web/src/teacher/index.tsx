import '../staff/staff.css';
import './teacher.css';

export { ClassScreen } from './class';
export { ClassesScreen } from './classes';
