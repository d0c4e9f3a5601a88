import { everyCellOf } from './every-cell.ts';

everyCellOf(['vercel', 'frontend']);
