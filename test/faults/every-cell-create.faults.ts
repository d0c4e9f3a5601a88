import { registerCells } from './register-cells.ts';

registerCells(['neon', 'qdrant-cloud']);
