import { expect, it } from 'vitest';
import { cleanValue } from '../../../wizard/paste/clean.ts';

const key = 'AQ.abc_123-key';

it.each([
  [key, []],
  [`"${key}"\n`, ['newline', 'quotes']],
  [`"${key}"\r`, ['newline', 'quotes']],
  [`'${key}',`, ['comma', 'quotes']],
  [`“${key}”`, ['quotes']],
  [`\uFEFF${key}`, ['byte order mark']],
  [`\u00A0${key}\u200B \r\n`, ['invisible characters', 'non-breaking blanks', 'newline', 'blanks']],
  [`\u001B[200~${key}\u001B[201~`, ['paste markers']],
  [`[200~${key}[201~`, ['paste markers']],
  ['AQ.abc_\n  123-key', ['newline']],
  [`\u2066${key}\u2069`, ['invisible characters']],
  [`\u202A${key}\u202C\u0085`, ['invisible characters']],
  [`  ${key}\t`, ['blanks']],
  [`\u001B[32m${key}\u001B[0m`, ['colour codes']],
])('%j becomes the clean key', (raw, cleaned) => {
  expect(cleanValue(raw)).toEqual({ value: key, cleaned: expect.arrayContaining(cleaned) });
  expect(cleanValue(raw).cleaned).toHaveLength(cleaned.length);
});

it.each(['pa"ss', "it's", 'a,b;', '"half', 'x=', 'wörd'])('leaves %s alone', (raw) => {
  expect(cleanValue(raw)).toEqual({ value: raw, cleaned: [] });
});
