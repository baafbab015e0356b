import '../staff/staff.css';
import './board.css';

export { CityScreen } from './city';
export { CitySchoolScreen } from './school';
export { SchoolSymptomsScreen } from './school-symptoms';
export { SymptomMapScreen } from './symptoms';
