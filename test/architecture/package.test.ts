import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the package installs nothing beside itself, and runs nothing when it is installed', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'])
    expect(manifest[kind] ?? {}).toEqual({});
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(manifest['scripts']).not.toHaveProperty(script);
});
