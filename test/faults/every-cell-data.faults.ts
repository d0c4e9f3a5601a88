import { everyCellOf } from './every-cell.ts';

everyCellOf(['gemini', 'qdrant', 'space']);
