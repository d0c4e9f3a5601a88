import { expect, it } from 'vitest';
import { parseBundle, parseScript } from '../../javascript/parse.ts';
import { isFunction } from '../../javascript/syntax-tree.ts';
import { walk } from '../../javascript/walk.ts';

const program = parseScript('const a: string = b(c); function d() { return e; }');
if (program === null) throw new Error('The sample does not parse.');
const namesIn = (isOpaque?: Parameters<typeof walk>[1]) =>
  walk(program, isOpaque).flatMap(({ node }) => (node.type === 'Identifier' ? [node.name] : []));

it('visits every node in the order of the text', () => {
  expect(namesIn()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('gives each node its parent', () => {
  const literal = walk(program).find(({ node }) => node.type === 'Identifier' && node.name === 'c');
  expect(literal?.parent?.type).toBe('CallExpression');
});

it('does not look inside an opaque node, but at the root it does', () => {
  expect(namesIn(isFunction)).toEqual(['a', 'b', 'c']);
  const [declaration] = program.body.filter(isFunction);
  if (declaration === undefined) throw new Error('The sample has no function.');
  expect(walk(declaration, isFunction).map(({ node }) => node.type)).toContain('ReturnStatement');
});

it('is not limited by the depth of the tree', () => {
  const deep = parseBundle(`a${'.b'.repeat(20_000)}`);
  expect(deep === null ? 0 : walk(deep).length).toBe(40_003);
});
