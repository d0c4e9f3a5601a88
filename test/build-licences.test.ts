import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
// @ts-expect-error A script of the build, without types.
import { licencesOf } from '../build-licences.mjs';

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

const words = 'Permission is hereby granted, free of charge, to all. NO WARRANTY OF THE SOFTWARE.';

/** Packages by name, each with its files; resolves to the licences of their bundle. */
async function licences(packages: Record<string, Record<string, string>>): Promise<string> {
  root = mkdtempSync(join(tmpdir(), 'licences-'));
  const inputs: Record<string, object> = { 'server/main.ts': {} };
  for (const [name, files] of Object.entries(packages)) {
    const folder = join(root, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    inputs[`node_modules/${name}/lib/index.js`] = {};
  }
  return licencesOf(root, [{ inputs }]) as Promise<string>;
}

const manifest = (name: string, more: object = {}): string =>
  JSON.stringify({ name, version: '1.0.0', license: 'MIT', author: 'Ana A', ...more });

test('each package of a bundle is named with its licence’s text, wherever that is', async () => {
  const text = await licences({
    'a-file': { 'package.json': manifest('a-file'), 'LICENSE.md': `By Eve\n${words}` },
    '@scope/a-readme': {
      'package.json': manifest('@scope/a-readme'),
      'README.md': `# A\n\n## License\n\nBy Bob\n${words}\n`,
    },
    'only-named': { 'package.json': manifest('only-named'), 'readme.md': '# A\n' },
  });
  expect(text).toContain(`a-file 1.0.0 (MIT)\n\nBy Eve\n${words}`);
  expect(text).toContain(`@scope/a-readme 1.0.0 (MIT)\n\nBy Bob\n${words}`);
  expect(text).toContain(`only-named 1.0.0 (MIT)\n\nCopyright (c) Ana A\n\n${words}`);
});

test('a package without a text ends the build', async () => {
  const packages = { strange: { 'package.json': manifest('strange', { license: 'Strange-1.0' }) } };
  await expect(licences(packages)).rejects.toThrow('strange 1.0.0 has no licence text');
});
