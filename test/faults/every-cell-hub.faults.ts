import { everyCellOf } from './every-cell.ts';

everyCellOf(['hub']);
