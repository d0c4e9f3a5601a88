import { expect, test } from 'vitest';
import { readDocusaurusVersion } from '../../../../indexer/docusaurus/config/docusaurus-version.ts';
import { temporaryBook, temporaryFolder } from '../../temporary-book.ts';

const manifest = (range: string): string => JSON.stringify({ dependencies: { '@docusaurus/core': range } });
const npmLock = (version: string): string =>
  JSON.stringify({ packages: { 'node_modules/@docusaurus/core': { version } } }, null, 2);

test.each([
  ['npm', 'package-lock.json', npmLock('3.9.2')],
  ['Yarn 1', 'yarn.lock', '"@docusaurus/core@3.x", "@docusaurus/core@^3.4.0":\n  version "3.9.2"\n'],
  ['Yarn 4', 'yarn.lock', '"@docusaurus/core@npm:^3.4.0":\n  version: 3.9.2\n'],
  ['pnpm 9', 'pnpm-lock.yaml', "packages:\n\n  '@docusaurus/core@3.9.2':\n    resolution: {}\n"],
  ['pnpm 8', 'pnpm-lock.yaml', 'packages:\n\n  /@docusaurus/core@3.9.2(react@18.2.0):\n    resolution: {}\n'],
  ['Bun', 'bun.lock', '{ "packages": { "@docusaurus/core": ["@docusaurus/core@3.9.2", "", {}] } }'],
])('reads the version from the lockfile of %s before the manifest', async (_, lockfile, text) => {
  const root = await temporaryFolder({ 'package.json': manifest('^3.10.0'), [lockfile]: text });
  expect(readDocusaurusVersion(root)).toEqual([3, 9]);
});

test('reads the lockfile at the root of the repository, and the lowest of several versions', async () => {
  const root = await temporaryFolder({
    '.git/HEAD': '',
    'apps/docs/package.json': manifest('3.10.1'),
    'yarn.lock':
      '"@docusaurus/core@3.10.1":\n  version "3.10.1"\n\n"@docusaurus/core@^2.0.0":\n  version "2.4.3"\n',
  });
  expect(readDocusaurusVersion(`${root}/apps/docs`)).toEqual([2, 4]);
});

test.each([
  ['^3.8.1', [3, 8]],
  ['~2.4.0', [2, 4]],
  ['3.x', null],
  ['latest', null],
  ['workspace:*', null],
  ['>=3.5', null],
])('reads %s of the manifest where there is no lockfile', async (range, version) => {
  expect(readDocusaurusVersion(await temporaryFolder({ 'package.json': manifest(range) }))).toEqual(version);
});

test.each([
  ['before 3.10', '3.9.2', 'Tip: My title. Sink it.'],
  ['since 3.10', '3.10.1', ':::tip My title Sink it. :::'],
  ['of an unknown version', 'latest', 'Tip: My title. Sink it.'],
])('reads a site %s with `future.v4` by its own rules', async (_, version, text) => {
  const { sections } = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T', future: { v4: true } };",
    'package.json': manifest(version),
    'docs/a.md': ':::tip My title\n\nSink it.\n\n:::\n',
  });
  expect(sections.map(({ content }) => content.replaceAll(/\s+/g, ' '))).toEqual([text]);
});
