import { registerCells } from './register-cells.ts';

registerCells(['vercel', 'frontend']);
