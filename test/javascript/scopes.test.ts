import { describe, expect, it } from 'vitest';
import type { BindingSource } from '../../javascript/scopes.ts';
import { parseSourceFile, type SourceFile } from '../../javascript/source-file.ts';

function parse(text: string): SourceFile {
  const file = parseSourceFile('a.tsx', text);
  if (file === null) throw new Error(text);
  return file;
}

const pathOf = ({ path }: { path: readonly { name: string }[] }) =>
  path.map(({ name }) => `.${name}`).join('');

function describeSource(file: SourceFile, source: BindingSource): string {
  switch (source.type) {
    case 'expression':
      return file.text.slice(source.node.start, source.node.end) + pathOf(source);
    case 'parameter':
      return `parameter ${source.index}${pathOf(source)}`;
    case 'import':
      return `${source.name} of ${source.specifier}`;
    default:
      return source satisfies never;
  }
}

/** The sources of `x` where it is passed to `use`; null for a global. */
function sourcesOfX(text: string): string[] | null {
  const file = parse(text);
  const use = file.nodes.find(
    ({ node, parent }) =>
      node.type === 'Identifier' &&
      node.name === 'x' &&
      parent?.type === 'CallExpression' &&
      parent.callee !== node,
  );
  if (use === undefined) throw new Error(`nothing uses x in ${text}`);
  const sources = file.scopes.sourcesOf(use.node, 'x');
  return sources?.map((source) => describeSource(file, source)) ?? null;
}

describe('a name gets its value', () => {
  it.each([
    ['from its declaration', `const x = 'a'; use(x);`, [`'a'`]],
    ['from the inner declaration', `const x = 'a'; { const x = 'b'; use(x); }`, [`'b'`]],
    ['from a later var of the function', `if (a) { var x = 'b'; } use(x);`, [`'b'`]],
    ['from each assignment', `let x; x = 'a'; x = 'b'; use(x);`, [`'a'`, `'b'`]],
    ['from itself, where it is appended to', `let x = 'a'; x += 'b'; use(x);`, [`'a'`, `x += 'b'`]],
    ['from a member of an object', `const { b: { x } } = a; use(x);`, ['a.b.x']],
    ['from a default, too', `const { x = 'b' } = a; use(x);`, ['a.x', `'b'`]],
    ['from an element of a list', `const [, x] = a; use(x);`, ['a.1']],
    ['from any element in a loop', `for (const x of a) use(x);`, ['a.*']],
    ['from a parameter', `function f(a, { x }) { use(x); }`, ['parameter 1.x']],
    ['from an import', `import x from './a'; use(x);`, ['default of ./a']],
    ['from a renamed import', `import { a as x } from './a'; use(x);`, ['a of ./a']],
    ['from a whole module', `import * as x from './a'; use(x);`, ['* of ./a']],
    ['from a function that is declared below', `use(x); function x() {}`, ['function x() {}']],
  ])('%s', (_, text, expected) => {
    expect(sourcesOfX(text)).toEqual(expected);
  });

  it('from nothing in the file, where it is a global', () => {
    expect(sourcesOfX('use(x);')).toBeNull();
  });
});

it('the top level of a file has its own names', () => {
  const file = parse(`export const x = 'a'; function f() { const y = 'b'; }`);
  const sourcesOf = (name: string) =>
    file.scopes.topLevelSources(name).map((source) => describeSource(file, source));
  expect(sourcesOf('x')).toEqual([`'a'`]);
  expect(sourcesOf('y')).toEqual([]);
});

it('the uses of a name are those of its binding, not of another with the same name', () => {
  const file = parse(
    `let x = 1; x = 2; f(x); ({ x }); a.x; { const x = 3; g(x); } function h() { return x; }`,
  );
  const declared = file.nodes.find(({ node }) => node.type === 'Identifier' && node.name === 'x')?.node;
  if (declared?.type !== 'Identifier') throw new Error('no declaration');
  const lines = file.scopes.usesOf(declared).map((node) => file.text.slice(node.start - 2, node.end + 1));
  expect(lines).toEqual(['; x ', 'f(x)', '{ x ', 'n x;']);
});
