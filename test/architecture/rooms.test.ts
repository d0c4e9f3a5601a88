import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Who may import whom. A room is the longest prefix of a file's path; it always may import itself. */
const mayImport: Record<string, readonly string[]> = {
  'server/contract.ts': [],
  'server/failure.ts': [],
  'server/version.ts': [],
  'server/keyed-fetch.ts': [],
  'server/index': ['server/failure.ts'],
  'server/chat': ['server/failure.ts', 'server/index'],
  'server/book': ['server/index', 'server/failure.ts'],
  'server/adapters': ['server/chat', 'server/index', 'server/failure.ts'],
  'server/home': [],
  'server/http': [
    'server/chat',
    'server/home',
    'server/contract.ts',
    'server/failure.ts',
    'server/version.ts',
  ],
  'server/app.ts': ['server/http', 'server/chat', 'server/failure.ts'],
  'server/unusable-setting.ts': ['server/contract.ts', 'server/failure.ts'],
  'server/ports.ts': [
    'server/adapters',
    'server/app.ts',
    'server/contract.ts',
    'server/failure.ts',
    'server/unusable-setting.ts',
  ],
  'server/main.ts': ['server'],
  'wizard/model': ['server/contract.ts'],
  'wizard/cli.ts': ['wizard/model'],
  'wizard/help.ts': ['wizard/model'],
  'wizard/intake': ['wizard/model'],
  'wizard/clients': ['wizard/model'],
  'wizard/space': ['wizard/model'],
  'wizard/probes': ['wizard/model', 'wizard/clients', 'server/index'],
  'wizard/frontend': ['wizard/model', 'wizard/clients'],
  'wizard/steps': [
    'wizard/model',
    'wizard/clients',
    'wizard/space',
    'wizard/frontend',
    'server/contract.ts',
    'server/failure.ts',
    'server/book',
    'server/index',
    'server/adapters/qdrant.ts',
    'server/adapters/gemini.ts',
  ],
  'wizard/run': ['wizard/model', 'wizard/probes', 'wizard/steps'],
  'wizard/interview': [
    'wizard/model',
    'wizard/intake',
    'wizard/clients',
    'wizard/space',
    'wizard/frontend',
    'wizard/steps',
    'wizard/run',
  ],
  'wizard/diagnosis': [
    'wizard/model',
    'wizard/clients',
    'wizard/frontend',
    'wizard/steps',
    'wizard/run',
    'wizard/interview',
    'server/contract.ts',
  ],
  'wizard/commands': [
    'wizard/model',
    'wizard/cli.ts',
    'wizard/intake',
    'wizard/clients',
    'wizard/space',
    'wizard/probes',
    'wizard/frontend',
    'wizard/steps',
    'wizard/run',
    'wizard/interview',
    'wizard/diagnosis',
    'server/contract.ts',
  ],
  'wizard/ui': ['wizard/model'],
  'wizard/main.ts': ['wizard', 'server/version.ts', 'server/keyed-fetch.ts'],
  sandbox: [],
};

const extensions = ['.ts', '.tsx'];

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('sandbox/book/') && !path.startsWith('sandbox/sites/'));
}

/** Every relative import of a file, `import type` and dynamic ones among them, as paths from the root. */
export function importsOf(path: string, source: string): string[] {
  const pattern = /(?:from\s*|import\s*\(\s*|import\s+)(['"])(\.{1,2}\/[^'"]+)\1/g;
  return [...source.matchAll(pattern)].map((match) =>
    relative(root, resolve(root, dirname(path), match[2] ?? '')).replaceAll('\\', '/'),
  );
}

function isInside(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

function roomOf(path: string): string | undefined {
  return Object.keys(mayImport)
    .filter((room) => isInside(path, room))
    .sort((a, b) => b.length - a.length)[0];
}

/** What is wrong with the imports of one file, a line each. */
export function violations(path: string, imports: readonly string[]): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path} is in no room of the design`];
  const allowed = [room, ...(mayImport[room] ?? [])];
  return imports
    .filter((target) => !allowed.some((one) => isInside(target, one)))
    .map((target) => `${path} (${room}) may not import ${target}`);
}

/** One circle of imports, or null. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, trail: string[]): string[] | null => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...trail, node]);
      if (circle !== null) return circle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle !== null) return circle;
  }
  return null;
}

/** A file's code without its comments and texts; what a template computes stays. */
function codeOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/`(?:[^`\\]|\\.)*`/gs, (text) => (text.match(/\$\{[^}]*\}/g) ?? []).join(' '))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

const files = ['server', 'wizard', 'sandbox'].flatMap(filesUnder);
const graph = new Map(files.map((path) => [path, importsOf(path, readFileSync(join(root, path), 'utf8'))]));

describe('the house', () => {
  it('has every file in a room, importing only what its room may', () => {
    expect([...graph].flatMap(([path, imports]) => violations(path, imports))).toEqual([]);
  });

  it('has no circles, counting `import type`', () => {
    expect(circleIn(graph)).toBeNull();
  });

  it('reads the process in one place per half', () => {
    const offenders = files.filter((path) => {
      if (path.startsWith('sandbox/') || path === 'wizard/main.ts' || path === 'server/main.ts') return false;
      return /\bprocess\.(env|argv|exit|stdin|stdout|stderr|cwd|on|once)\b/.test(codeOf(path));
    });
    expect(offenders).toEqual([]);
  });

  it('keeps files short enough to be read at once', () => {
    const long = files.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });
});

describe('the test of the house', () => {
  it('sees an import across rooms, of types too, and a file outside every room', () => {
    const imports = importsOf('wizard/ui/renderer.ts', `import type { A } from '../steps/steps.ts';`);
    expect(violations('wizard/ui/renderer.ts', imports)).toHaveLength(1);
    expect(violations('wizard/extra/a.ts', [])).toHaveLength(1);
  });

  it('sees a circle', () => {
    expect(
      circleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
  });
});
