import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Who may import whom. A room is the longest prefix of a file's path; it always may import itself. */
const mayImport: Record<string, readonly string[]> = {
  javascript: [],
  indexer: ['server/collection'],
  'indexer/content': ['javascript'],
  'indexer/docusaurus': [
    'javascript',
    'indexer/content',
    'indexer/book.ts',
    'indexer/book-selection.ts',
    'indexer/compressed-list.ts',
    'server/collection/editions/edition.ts',
  ],
  'indexer/crawl': [
    'indexer/content',
    'indexer/book.ts',
    'indexer/book-selection.ts',
    'server/collection/editions/edition.ts',
    'server/failure.ts',
  ],
  'indexer/sync': [
    'indexer/book.ts',
    'indexer/compressed-list.ts',
    'indexer/section-id.ts',
    'server/collection',
    'server/failure.ts',
  ],
  'server/contract.ts': [],
  'server/failure.ts': [],
  'server/version.ts': [],
  'server/redirect-guard.ts': [],
  'server/network': [],
  'server/collection': ['server/failure.ts'],
  'server/links': [],
  'server/chat': ['server/failure.ts', 'server/collection', 'server/links'],
  'server/chat/resilience': ['server/failure.ts'],
  'server/chat/book-index': [
    'server/links',
    'server/collection',
    'server/failure.ts',
    'server/chat/resilience',
    'server/chat/remember-recent.ts',
    'server/chat/service-check.ts',
    'server/chat/settings.ts',
  ],
  'server/chat/editions': [
    'server/collection',
    'server/links',
    'server/chat/protocol.ts',
    'server/chat/recognise-language.ts',
  ],
  'server/chat/retrieval': [
    'server/collection',
    'server/chat/book-index',
    'server/chat/editions',
    'server/chat/conversation/history.ts',
    'server/chat/protocol.ts',
    'server/chat/resilience',
    'server/chat/settings.ts',
  ],
  'server/adapters': ['server/chat', 'server/collection', 'server/failure.ts'],
  'server/widget': ['server/links'],
  'server/home': ['server/links', 'server/widget'],
  'server/book': ['server/chat', 'server/collection', 'server/links', 'server/failure.ts'],
  'server/mcp': ['server/book', 'server/collection', 'server/links', 'server/failure.ts'],
  'server/http': [
    'server/chat',
    'server/book',
    'server/mcp',
    'server/home',
    'server/widget',
    'server/links',
    'server/contract.ts',
    'server/failure.ts',
  ],
  'server/app.ts': [
    'server/book',
    'server/http',
    'server/chat',
    'server/collection',
    'server/contract.ts',
    'server/failure.ts',
  ],
  'server/invalid-settings.ts': ['server/contract.ts', 'server/failure.ts'],
  'server/ports.ts': [
    'server/adapters',
    'server/app.ts',
    'server/chat/budget/allotment.ts',
    'server/chat/service-check.ts',
    'server/contract.ts',
    'server/failure.ts',
    'server/invalid-settings.ts',
  ],
  'server/app-options.ts': [
    'server/app.ts',
    'server/chat/settings.ts',
    'server/contract.ts',
    'server/invalid-settings.ts',
    'server/version.ts',
  ],
  'server/main.ts': ['server'],
  'server/function.ts': ['server'],
  'wizard/model': ['server/contract.ts'],
  'wizard/cli.ts': ['wizard/model'],
  'wizard/help.ts': ['wizard/model'],
  'wizard/paste': ['wizard/model'],
  'wizard/clients': ['wizard/model'],
  ...wizardRooms(),
  'wizard/ui': ['wizard/model'],
  'wizard/main.ts': ['wizard', 'server/version.ts', 'server/network', 'server/redirect-guard.ts'],
  sandbox: [],
};

/** From `hosting` to `commands` a room may import every one below it, and of the server what is listed here. */
function wizardRooms(): Record<string, readonly string[]> {
  const leaves = ['model', 'paste', 'clients'];
  const layers = [
    ['hosting'],
    ['frontend', 'probes'],
    ['deployment'],
    ['insights'],
    ['steps'],
    ['run'],
    ['provisioning'],
    ['interview'],
    ['project-file'],
    ['workflow'],
    ['diagnosis'],
    ['flows'],
    ['commands'],
  ];
  const outside: Record<string, readonly string[]> = {
    frontend: [
      'indexer/docusaurus/site-config-names.ts',
      'javascript',
      'server/contract.ts',
      'server/http/chat/json-reply.ts',
      'server/http/chat/question-body.ts',
      'server/http/chat/reply-form.ts',
      'server/http/chat/reply-forms.ts',
      'server/widget/loader',
      'server/widget/translations',
    ],
    probes: ['server/collection', 'server/contract.ts', 'server/failure.ts', 'server/adapters'],
    hosting: ['server/contract.ts'],
    deployment: [
      'indexer',
      'server/collection',
      'server/contract.ts',
      'server/failure.ts',
      'server/adapters',
    ],
    insights: ['indexer', 'server/collection', 'server/contract.ts', 'server/adapters'],
    steps: ['indexer', 'server/collection', 'server/contract.ts', 'server/failure.ts', 'server/adapters'],
    interview: ['server/contract.ts', 'javascript', 'server/adapters/postgres/owner'],
    diagnosis: ['server/collection', 'server/contract.ts'],
    flows: ['server/contract.ts'],
    workflow: ['indexer', 'server/contract.ts'],
    'project-file': ['indexer/content/repository-folders.ts'],
    commands: [
      'indexer',
      'server/book/llms-text.ts',
      'server/book/page-list.ts',
      'server/collection',
      'server/contract.ts',
      'wizard/cli.ts',
    ],
  };
  const rooms: Record<string, readonly string[]> = {};
  layers.forEach((layer, depth) => {
    const below = [...leaves, ...layers.slice(0, depth).flat()].map((room) => `wizard/${room}`);
    for (const room of layer) rooms[`wizard/${room}`] = [...below, ...(outside[room] ?? [])];
  });
  return rooms;
}

const extensions = ['.ts', '.tsx'];

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('sandbox/book/') && !path.startsWith('sandbox/sites/'));
}

/** Every relative import of a file as a path from the root, including `import type` and dynamic imports. */
export function importsOf(path: string, source: string): string[] {
  const pattern = /(?:from\s*|import\s*\(\s*|import\s+)(['"])(\.{1,2}\/[^'"]+)\1/g;
  return [...source.matchAll(pattern)].map((match) =>
    relative(root, resolve(root, dirname(path), match[2] ?? '')).replaceAll('\\', '/'),
  );
}

/** Rooms that other rooms enter through one file. Types may come from any of their files. */
const doors: Record<string, string> = {
  'wizard/frontend/detect-api-url': 'wizard/frontend/detect-api-url/detect-api-url.ts',
  'wizard/interview/sign-in': 'wizard/interview/sign-in/sign-in.ts',
};

/** What a file imports past the door of a room, a line each. */
export function entriesBesideDoors(path: string, source: string): string[] {
  const values = importsOf(path, source.replaceAll(/(?:im|ex)port type [^;]*;/g, ''));
  return Object.entries(doors).flatMap(([room, door]) =>
    values
      .filter((target) => isInside(target, room) && target !== door && !isInside(path, room))
      .map((target) => `${path} may import ${door} only, not ${target}`),
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

/** What is wrong with the imports of a file, one line each. */
export function violations(path: string, imports: readonly string[]): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path} is in no room of the design`];
  const allowed = [room, ...(mayImport[room] ?? [])];
  return imports
    .filter((target) => !allowed.some((other) => isInside(target, other)))
    .map((target) => `${path} (${room}) may not import ${target}`);
}

/** A cycle of imports, or null. */
export function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, trail: string[]): string[] | null => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...trail, node]);
      if (cycle !== null) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** A file's code without comments and strings; expressions in templates stay. */
function codeOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/`(?:[^`\\]|\\.)*`/gs, (text) => (text.match(/\$\{[^}]*\}/g) ?? []).join(' '))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

const files = ['server', 'indexer', 'javascript', 'wizard', 'sandbox'].flatMap(filesUnder);
const graph = new Map(files.map((path) => [path, importsOf(path, readFileSync(join(root, path), 'utf8'))]));

describe('the rooms', () => {
  it('hold every file, which imports only what its room may', () => {
    expect([...graph].flatMap(([path, imports]) => violations(path, imports))).toEqual([]);
  });

  it('that have a door are entered through it', () => {
    const entries = files.flatMap((path) => entriesBesideDoors(path, readFileSync(join(root, path), 'utf8')));
    expect(entries).toEqual([]);
  });

  it('have no cycles, counting `import type`', () => {
    expect(cycleIn(graph)).toBeNull();
  });

  it('read the process in one place per program', () => {
    const offenders = files.filter((path) => {
      if (
        path.startsWith('sandbox/') ||
        ['wizard/main.ts', 'server/main.ts', 'server/function.ts'].includes(path)
      )
        return false;
      return /\bprocess\.(env|argv|exit|stdin|stdout|stderr|cwd|on|once)\b/.test(codeOf(path));
    });
    expect(offenders).toEqual([]);
  });

  it('keep files at 250 lines or less', () => {
    const long = files.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });
});

describe('the rules of the rooms', () => {
  it('see an import across rooms, of types too, and a file outside every room', () => {
    const imports = importsOf('wizard/ui/renderer.ts', `import type { A } from '../steps/steps.ts';`);
    expect(violations('wizard/ui/renderer.ts', imports)).toHaveLength(1);
    expect(violations('wizard/extra/a.ts', [])).toHaveLength(1);
  });

  it('see an import beside a door, but not one of a type', () => {
    const path = 'wizard/flows/a.ts';
    const source = `import { x } from '../frontend/detect-api-url/url-suffix.ts';`;
    expect(entriesBesideDoors(path, source)).toHaveLength(1);
    expect(entriesBesideDoors(path, source.replace('import', 'import type'))).toEqual([]);
    expect(entriesBesideDoors(path, source.replace('url-suffix', 'detect-api-url'))).toEqual([]);
  });

  it('see a cycle', () => {
    expect(
      cycleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
  });
});
