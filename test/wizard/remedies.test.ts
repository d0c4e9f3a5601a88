import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type Node } from 'acorn';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../wizard', import.meta.url));
/** In a `.ts` file `<T>(x: T) => x` is a type parameter; with JSX on it would be an element. */
const parserOf = (path: string): typeof Parser =>
  Parser.extend(tsPlugin(path.endsWith('x') ? { jsx: true } : undefined));

type Entry = { path: string; code: string; remedy: string };
type AnyNode = Node & Record<string, unknown>;

/** The literal parts of a text; every choice of a condition. */
function textOf(node: AnyNode | undefined): string {
  if (node === undefined) return '';
  if (node.type === 'Literal') return String(node['value']);
  if (node.type === 'TemplateLiteral')
    return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
  if (node.type === 'ConditionalExpression')
    return `${textOf(node['consequent'] as AnyNode)} / ${textOf(node['alternate'] as AnyNode)}`;
  if (node.type === 'BinaryExpression')
    return textOf(node['left'] as AnyNode) + textOf(node['right'] as AnyNode);
  return '…';
}

/** Every object of a file that has a code and a remedy, but no event's: a notice may have nothing to do. */
function entriesIn(path: string): Entry[] {
  const source = readFileSync(`${root}/${path}`, 'utf8');
  if (!source.includes('remedy')) return [];
  const entries: Entry[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const node = value as AnyNode;
    if (node.type === 'ObjectExpression') {
      const field = (name: string): AnyNode | undefined =>
        (node['properties'] as { key?: { name?: string }; value?: AnyNode }[]).find(
          ({ key }) => key?.name === name,
        )?.value;
      const [code, remedy] = [field('code'), field('remedy')];
      if (code?.type === 'Literal' && remedy !== undefined && field('type') === undefined)
        entries.push({ path, code: textOf(code), remedy: textOf(remedy) });
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'loc') visit(child);
  };
  visit(parserOf(path).parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true }));
  return entries;
}

const entries = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .sort()
  .flatMap(entriesIn);

/** Failures after which the same command alone may succeed, and what will have changed by then. */
const helpedByAnotherRun: Record<string, string> = {
  conflict: 'another write at the vendor has ended',
  'rate-limited': 'the vendor’s window has passed',
  'vercel-in-transfer': 'the move has ended',
  'plan-outdated': 'the new plan is read',
  'ended-early': 'completed steps are not repeated',
  'space-build-failed': 'the next build starts from scratch',
  'space-deleted': 'the Hub has ended the deletion',
  'space-without-address': 'the Hub has named a new Space’s host',
  'space-missing': 'the Space is created again',
  'space-locked': 'the other run has ended',
  'answer-failed': 'a Space that was waking up has woken',
  'frontend-files-changed': 'the change is computed for the new files',
  'frontend-canceled': 'a new deployment is created',
  'frontend-deleted': 'a new deployment is created',
  'origin-not-allowed': 'the origins are written again',
  starting: 'the database has started',
};

/** Nothing is asked of the person but to wait and to run it again. */
const onlyAgain = /^(?:(?:wait|give)\b[^.;]*(?:,|and) (?:then )?)?run (?:it )?again(?! with --)/i;

describe('the remedies of the wizard’s failures', () => {
  it('are found in the source', () => {
    expect(entries.length).toBeGreaterThan(150);
  });

  it('are never empty', () => {
    // What the book's report says needs nothing to be done.
    const failures = entries.filter(({ code }) => code !== 'pages-left-out');
    expect(failures.filter(({ remedy }) => remedy.trim() === '')).toEqual([]);
  });

  it('advise only to run again where something will have changed by then', () => {
    const again = entries.filter(({ remedy }) => remedy.split(' / ').some((text) => onlyAgain.test(text)));
    expect(again.filter(({ code }) => !Object.hasOwn(helpedByAnotherRun, code))).toEqual([]);
    const stale = Object.keys(helpedByAnotherRun).filter(
      (code) => !again.some((entry) => entry.code === code),
    );
    expect(stale).toEqual([]);
  });

  it('differ where one file gives a code to several causes', () => {
    const seen = new Map<string, string[]>();
    for (const { path, code, remedy } of entries) {
      const key = `${path} ${code}`;
      seen.set(key, [...(seen.get(key) ?? []), remedy]);
    }
    const repeated = [...seen].filter(
      ([, remedies]) => remedies.some((text) => text !== '…') && new Set(remedies).size < remedies.length,
    );
    expect(repeated.map(([key]) => key)).toEqual([]);
  });
});
