/** Holds the structure of the code, and prints its figures. */
import { afterAll, describe, expect, it } from 'vitest';
import { parseSource, pathsUnder, readFiles } from './source-tree.ts';
import {
  crowdedFolders,
  endlessLoops,
  isParticiple,
  moduleState,
  promptLoops,
  repeatedTypes,
  typesOf,
  type Breach,
} from './structure.ts';

type Exceptions = Readonly<Record<string, string>>;

const folderLimit = 15;
const flow = 'wizard/interview/flow.ts';

/** Folders over the limit, with the reason. */
const crowded: Exceptions = {
  bench: 'a script for each measure, run by one of them: a flat list is its index',
};

/** Endless loops outside the flow, with the reason. */
const endless: Exceptions = {
  'wizard/commands/logs.ts': 'follows the log until Ctrl-C',
};

/** State of the whole process that is no cache, with the reason. */
const processState: Exceptions = {
  'wizard/model/secret.ts': 'every secret of the process is redacted, wherever it turns up',
  'wizard/run/space-lock.ts': 'a process that holds the lock does not wait for itself',
  'indexer/content/deadline.ts': 'one vm context for all calls: it holds nothing and costs milliseconds',
  'server/http/log-failure.ts': 'marks the errors that are logged already, without keeping them alive',
};

/** Breaches that no exception covers, and exceptions that nothing needs any more. */
function left(breaches: readonly Breach[], exceptions: Exceptions): string[] {
  const subjects = new Set(breaches.map(({ subject }) => subject));
  return [
    ...breaches
      .filter(({ subject }) => !Object.hasOwn(exceptions, subject))
      .map(({ subject, problem }) => `${subject}: ${problem}`),
    ...Object.keys(exceptions)
      .filter((subject) => !subjects.has(subject))
      .map((subject) => `${subject}: the exception is not needed any more`),
  ];
}

const files = readFiles(['wizard', 'indexer', 'javascript', 'server', 'sandbox', 'eval']);
const types = files.flatMap(typesOf);

afterAll(() => {
  const lengths = files.map(({ text, path }) => ({ path, lines: text.split('\n').length - 1 }));
  lengths.sort((a, b) => a.lines - b.lines);
  const [median, largest] = [lengths[lengths.length >> 1], lengths.at(-1)];
  process.stdout.write(
    `architecture: ${files.length} source files, median ${median?.lines} lines, largest ${largest?.lines} ` +
      `(${largest?.path}), ${types.filter(({ isExported }) => isExported).length} exported types\n`,
  );
});

describe('the structure', () => {
  it(`has at most ${folderLimit} files in a folder`, () => {
    const paths = [...files.map(({ path }) => path), ...pathsUnder('bench', ['.mjs', '.ts'])];
    expect(left(crowdedFolders(paths, folderLimit), crowded)).toEqual([]);
  });

  it('defines an exported type name once, and names none by a participle', () => {
    const participles = types
      .filter(({ name, isExported }) => isExported && isParticiple(name))
      .map(({ name, path }) => ({ subject: name, problem: `a participle, in ${path}` }));
    expect(left([...repeatedTypes(types), ...participles], {})).toEqual([]);
  });

  it('asks the user in one loop', () => {
    const others = files.filter(({ path }) => path.startsWith('wizard/') && path !== flow);
    expect(left(others.flatMap(promptLoops), {})).toEqual([]);
  });

  it('has no endless loop between a command and the flow', () => {
    const rooms = /^wizard\/(?:commands|flows|interview)\//;
    const others = files.filter(({ path }) => rooms.test(path) && path !== flow);
    expect(left(others.flatMap(endlessLoops), endless)).toEqual([]);
  });

  it('keeps no cache at module level', () => {
    expect(left(files.flatMap(moduleState), processState)).toEqual([]);
  });
});

describe('the rules', () => {
  const file = (text: string) => parseSource('wizard/a.ts', text);

  it('count the files of a folder, not those below it', () => {
    const paths = ['a/1.ts', 'a/2.ts', 'a/3.ts', 'a/b/4.ts'];
    expect(crowdedFolders(paths, 2)).toEqual([{ subject: 'a', problem: '3 files: give it rooms' }]);
    expect(crowdedFolders(paths, 3)).toEqual([]);
  });

  it('see a type that is exported here and defined there, and no re-export', () => {
    const [here, there] = [file('export type A = 1;'), parseSource('b.ts', 'interface A { b: 1 }')];
    expect(repeatedTypes([...typesOf(here), ...typesOf(there)])).toHaveLength(1);
    const again = parseSource('b.ts', `export type { A } from './a.ts';`);
    expect(repeatedTypes([...typesOf(here), ...typesOf(again)])).toEqual([]);
    expect(repeatedTypes([...typesOf(there), ...typesOf({ ...there, path: 'c.ts' })])).toEqual([]);
  });

  it.each(['Asked', 'Ongoing', 'BringingIn', 'SpaceFound', 'Known'])('take %s for a participle', (name) => {
    expect(isParticiple(name)).toBe(true);
  });

  it.each(['ParsedPaste', 'Finding', 'SiteSettings', 'Seed', 'Embedding', 'Answers'])(
    'take %s for a noun',
    (name) => {
      expect(isParticiple(name)).toBe(false);
    },
  );

  it('see a question in a loop, also through an object, and none beside it', () => {
    expect(promptLoops(file('async function f(r) { for (;;) { if (x) await r.ask(1); } }'))).toHaveLength(1);
    expect(promptLoops(file('async function f() { while (true) await ask(1); }'))).toHaveLength(1);
    expect(promptLoops(file('async function f() { for (const a of b) c(a); await ask(1); }'))).toEqual([]);
  });

  it('see an endless loop, and none that ends', () => {
    expect(endlessLoops(file('function f() { for (;;) {} }'))).toHaveLength(1);
    expect(endlessLoops(file('function f() { while (true) {} }'))).toHaveLength(1);
    expect(endlessLoops(file('function f() { while (a) {} for (const b of c) {} }'))).toEqual([]);
  });

  it.each([
    'const cache = new Map(); export const f = (k) => { cache.set(k, 1); };',
    'export const cache = new WeakMap(); function f(k) { return cache.set(k, 1); }',
    'let last; export function f(k) { last = k; }',
    'const seen = {}; export function f(k) { seen[k] = true; }',
  ])('see state in `%s`', (text) => {
    expect(moduleState(file(text))).toHaveLength(1);
  });

  it.each([
    'const table = new Map([[1, 2]]); export const f = (k) => table.get(k);',
    'export function f(k) { const cache = new Map(); cache.set(k, 1); return cache; }',
    'const table = {}; table.a = 1; export const f = () => table;',
  ])('see none in `%s`', (text) => {
    expect(moduleState(file(text))).toEqual([]);
  });
});
