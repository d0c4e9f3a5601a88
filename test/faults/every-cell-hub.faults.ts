import { registerCells } from './register-cells.ts';

registerCells(['hub']);
