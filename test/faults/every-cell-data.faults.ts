import { registerCells } from './register-cells.ts';

registerCells(['gemini', 'qdrant', 'space']);
