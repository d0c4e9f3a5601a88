/** Every way in which compatible deployments were seen to fail, and doctor's finding for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const checks: Readonly<Record<string, readonly string[]>> = {
  'an expired or wrong key, at its vendor': ['a rejected key'],
  'a paused Space': ['space-paused'],
  'a function behind a login, or of an account that is paused': ['function-protected', 'function-paused'],
  'a function that comes near its plan’s limits, or has stopped there': [
    'function-near-limit',
    'service-hosting',
  ],
  'a private Space: 404 for every reader': ['space-private'],
  'a Space with another SDK, or without files': ['space-not-docker', 'space-empty'],
  'a build or a start that failed, front matter among the reasons': ['space-build-failed', 'space-crashed'],
  'a sleeping Space, which is normal': ['space-asleep'],
  'something else answers at the address': ['server-silent'],
  'a database that is suspended, refuses, or lacks sslmode': ['service-%s', 'postgres'],
  'a suspended cluster, or a key that it rejects': [
    'service-qdrant',
    'an expired key and a suspended cluster',
  ],
  'a quota that is used up, or a model that is gone, at the server': ['service-%s', 'gemini'],
  'a model that the key does not open': ['model-not-open'],
  'settings that the running server does not have yet': ['deployment-outdated'],
  'a secret that is missing, or public': ['secret-missing', 'secret-public'],
  'origins that no browser sends: quotes, path, slash, a list, *': ['origin-misspelled'],
  'an answer without the page’s origin, although a preflight passed': ['origin-not-allowed'],
  'a question of a reader that gets no answer, or none that is streamed': [
    'answer-failed',
    'answer-not-streamed',
  ],
  'a database without an account that is gone soon, and one that no one claimed': [
    'database-unclaimed',
    'database-expired',
  ],
  'a cluster of the account that is suspended, and its keys': [
    'cluster-suspended',
    'qdrant-key-expires',
    'server-key-writes',
    'indexing-key-left',
  ],
  'a key of the workflow that expires soon': ['ci-key-expires'],
  'no collection, an empty one, one of another tool': [
    'collection-missing',
    'collection-empty',
    'collection-unstamped',
  ],
  'vectors of another model or size': ['stamp-differs'],
  'sections that were deleted': ['collection-incomplete'],
  'an embedding quota that ended an indexing run': ['sections-without-vector'],
  'no variable, or one with another address (the Space’s page, an old host)': [
    'frontend-variable-missing',
    'frontend-variable-differs',
  ],
  'a variable that is newer than the pages': ['frontend-not-redeployed'],
  'a build of the pages that failed': ['frontend-build-failed'],
  'a variable that is set and not in the bundle': ['frontend-not-wired', 'frontend-leftover'],
  'another Space’s address in the source': ['frontend-other-space'],
  'pages behind a login, or none at the book’s path': ['frontend-protected', 'frontend-missing'],
  'a token of another team': ['vercel-wrong-team'],
  'an old Docusaurus without a lockfile': ['frontend-no-lockfile'],
  'variables in vercel.json': ['vercel-json-env'],
  'a key or a password in git': ['secret-in-git'],
};
const codes = [
  'service-postgres',
  'service-gemini',
  'service-settings',
  ...Object.values(checks)
    .flat()
    .filter((code) => /^[a-z]+(-[a-z]+)+$/.test(code)),
];

it.each(Object.entries(checks))('%s: has a finding that is tested', (_, expected) => {
  const tests = [
    ...readdirSync(new URL('test/wizard/diagnosis/', root))
      .filter((name) => name.startsWith('diagnose'))
      .map((name) => `test/wizard/diagnosis/${name}`),
    'test/e2e/doctor.test.ts',
    'test/e2e/frontend.test.ts',
    'test/e2e/commands.test.ts',
  ].map(read);
  for (const code of expected)
    expect(
      tests.some((text) => text.includes(code)),
      code,
    ).toBe(true);
});

it('docs/troubleshooting.md names exactly these', () => {
  const documented = [...read('docs/troubleshooting.md').matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(
    ([, cell = '']) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
  );
  const elsewhere = ['space-missing', 'space-deleted', 'space-asleep'];
  expect(new Set([...codes, ...elsewhere])).toEqual(new Set([...documented, 'space-asleep']));
});
