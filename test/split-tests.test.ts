import { expect, it } from 'vitest';
import { splitTests, startsProcess } from './split-tests.ts';

const reads = (files: Record<string, string>) => (path: string) => files[path] ?? null;

it('takes a test for a slow one that starts a process, itself or through what it imports', () => {
  const files = {
    'test/a.test.ts': `import { spawn } from 'node:child_process';`,
    'test/b.test.ts': `import { run } from './kit.ts';`,
    'test/kit.ts': `import { stand } from '../sandbox/hub.ts';`,
    'sandbox/hub.ts': `const pty = await import('@lydell/node-pty');`,
  };
  expect(startsProcess('test/a.test.ts', reads(files))).toBe(true);
  expect(startsProcess('test/b.test.ts', reads(files))).toBe(true);
});

it('takes a test on the stand-in of Qdrant for a slow one', () => {
  const files = { 'test/a.test.ts': `import { openQdrant } from '../sandbox/qdrant/qdrant.ts';` };
  expect(startsProcess('test/a.test.ts', reads(files))).toBe(true);
});

it('takes a test for a quick one that only imports types of such files, or code that could start git', () => {
  const files = {
    'test/a.test.ts': `import type { Hub } from '../sandbox/hub.ts';\nimport { plan } from '../wizard/git.ts';`,
    'sandbox/hub.ts': `import { spawn } from 'node:child_process';`,
    'wizard/git.ts': `import { execFile } from 'node:child_process';`,
  };
  expect(startsProcess('test/a.test.ts', reads(files))).toBe(false);
});

it('puts every test into one of the two lists', () => {
  const { quick, processes } = splitTests();
  expect(quick).toContain('test/architecture/structure.test.ts');
  expect(processes).toContain('test/e2e/deploy.test.ts');
  expect(new Set([...quick, ...processes]).size).toBe(quick.length + processes.length);
});
