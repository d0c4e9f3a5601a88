import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { version } from '../../server/version.ts';

it('is the version of package.json', () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(manifest).toMatchObject({ version });
});
