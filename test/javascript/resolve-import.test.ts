import { expect, it } from 'vitest';
import { resolveImport } from '../../javascript/resolve-import.ts';

const paths = ['src/a.ts', 'src/chat/index.tsx', 'src/chat/address.js', 'src/theme/Root.js', 'lib/b.mjs'];
const filesByPath = new Map(paths.map((path) => [path, path]));

it.each([
  ['./address', 'src/chat/address.js'],
  ['../a', 'src/a.ts'],
  ['../a.js', 'src/a.ts'],
  ['.', 'src/chat/index.tsx'],
  ['../../lib/b.mjs', 'lib/b.mjs'],
  ['@site/src/a', 'src/a.ts'],
  ['@theme/Root', 'src/theme/Root.js'],
  ['@/chat', 'src/chat/index.tsx'],
  ['~/a', 'src/a.ts'],
  ['/lib/b', 'lib/b.mjs'],
  ['chat/address', 'src/chat/address.js'],
  ['react', null],
  ['@docusaurus/Link', null],
  ['./missing', null],
])('%s is %s', (specifier, expected) => {
  expect(resolveImport(filesByPath, { specifier, importer: 'src/chat/widget.js' })).toBe(expected);
});
