import { expect, it } from 'vitest';
import { calleeName, dottedName, propertyKey } from '../../javascript/names.ts';
import { parseScript } from '../../javascript/parse.ts';
import type { Node } from '../../javascript/syntax-tree.ts';

function expressionOf(text: string): Node {
  const statement = parseScript(`(${text})`)?.body[0];
  if (statement?.type !== 'ExpressionStatement') throw new Error(text);
  return statement.expression;
}

it.each([
  ['a', 'a'],
  ['a.b.c', 'a.b.c'],
  ['a?.b', 'a.b'],
  [`a['b'].c`, 'a.b.c'],
  ['a[b]', ''],
  ['a().b', ''],
])('the dotted name of %s is “%s”', (text, expected) => {
  expect(dottedName(expressionOf(text))).toBe(expected);
});

it.each([
  ['fetch(x)', 'fetch'],
  ['client.api.post(x)', 'post'],
  ['window?.fetch(x)', 'fetch'],
  ['(() => x)(y)', ''],
  ['(0, react.useState)(x)', 'useState'],
])('%s calls “%s”', (text, expected) => {
  const expression = expressionOf(text);
  const call = expression.type === 'ChainExpression' ? expression.expression : expression;
  expect(call.type === 'CallExpression' ? calleeName(call.callee) : null).toBe(expected);
});

it.each([
  ['{ a: 1 }', 'a'],
  [`{ 'a-b': 1 }`, 'a-b'],
  [`{ ['a']: 1 }`, 'a'],
  ['{ [a]: 1 }', null],
])('the key of %s is %s', (text, expected) => {
  const expression = expressionOf(text);
  const property = expression.type === 'ObjectExpression' ? expression.properties[0] : undefined;
  expect(property?.type === 'Property' ? propertyKey(property) : undefined).toBe(expected);
});
