import { expect, it } from 'vitest';
import { errorLineIn } from '../../../../wizard/hosting/space/space-log.ts';

it.each([
  [['npm error code E404', 'done in 3 s'], 'npm error code E404'],
  [['TypeError: x is not a function', '    at main.js:1'], 'TypeError: x is not a function'],
  [['INFO: retrying after an error', 'ready'], ''],
  [['{"level":30,"msg":"no error so far"}'], ''],
  [
    ['{"level":50,"msg":"error: no database"}', '{"level":30,"msg":"closing"}'],
    '{"level":50,"msg":"error: no database"}',
  ],
  [['compiled with 0 errors'], ''],
  [['listening on 7860'], ''],
])('the reason in %j is "%s", never a line of information', (lines, reason) => {
  expect(errorLineIn(lines)).toBe(reason);
});
