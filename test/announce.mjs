/** The first line of `npm test`: what it runs, and for how long. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const tests = readdirSync(fileURLToPath(new URL('.', import.meta.url)), { recursive: true });
const count = tests.filter((path) => /\.test\.tsx?$/.test(path)).length;

process.stdout.write(
  `Runs lint, format, types and ${count} test files: about twelve minutes on two cores. ` +
    'While you work, `npm run test:quick` takes less than a minute.\n',
);
