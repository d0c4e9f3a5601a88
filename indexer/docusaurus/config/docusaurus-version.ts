import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolders } from '../../content/repository-folders.ts';

/** Major and minor version of Docusaurus, as in `[3, 9]`. */
export type DocusaurusVersion = readonly [major: number, minor: number];

/** How each package manager's lockfile names the version of `@docusaurus/core` that it installs. */
const lockfiles: readonly (readonly [file: string, version: RegExp])[] = [
  [
    'package-lock.json',
    /"(?:node_modules\/|[^"\n]*\/node_modules\/)?@docusaurus\/core": \{\s*"version": "([^"]+)"/g,
  ],
  [
    'npm-shrinkwrap.json',
    /"(?:node_modules\/|[^"\n]*\/node_modules\/)?@docusaurus\/core": \{\s*"version": "([^"]+)"/g,
  ],
  ['yarn.lock', /^"?@docusaurus\/core@[^\n]*:\n\s+version:? "?([^"\s]+)/gm],
  ['pnpm-lock.yaml', /^\s*['"]?\/?@docusaurus\/core[@/](\d[^('":\s_]*)[^\n]*:\s*$/gm],
  ['bun.lock', /"@docusaurus\/core": \["@docusaurus\/core@([^"]+)"/g],
];

/**
 * The version of Docusaurus that a site is built with: that of its lockfile, which may be further up in the repository,
 * else of its `package.json`. The lowest where a lockfile has several; null where nothing says it.
 */
export function readDocusaurusVersion(root: string): DocusaurusVersion | null {
  const folders = repositoryFolders(root);
  const versions = [...folders.map(lockedVersion), ...folders.map(declaredVersion)];
  return versions.find((version) => version !== null) ?? null;
}

function lockedVersion(dir: string): DocusaurusVersion | null {
  let lowest: DocusaurusVersion | null = null;
  for (const [file, pattern] of lockfiles)
    for (const [, text = ''] of (textOf(join(dir, file)) ?? '').matchAll(pattern)) {
      const version = parseVersion(text);
      if (version !== null && (lowest === null || isBelow(version, lowest))) lowest = version;
    }
  return lowest;
}

/** Whether a version comes before another. */
export function isBelow(version: DocusaurusVersion, other: DocusaurusVersion): boolean {
  return version[0] < other[0] || (version[0] === other[0] && version[1] < other[1]);
}

function declaredVersion(dir: string): DocusaurusVersion | null {
  const range = /"@docusaurus\/core"\s*:\s*"([^"]+)"/.exec(textOf(join(dir, 'package.json')) ?? '')?.[1];
  return range === undefined ? null : parseVersion(range.replace(/^[\^~=v\s]+/, ''));
}

/** `3.9` of `3.9.2`; null for a range or a tag. */
function parseVersion(text: string): DocusaurusVersion | null {
  const match = /^(\d+)\.(\d+)/.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
