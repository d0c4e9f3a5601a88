import { describe, expect, it } from 'vitest';
import { parseBundle, parseModule, parseScript } from '../../javascript/parse.ts';

const statementsOf = (text: string, options?: { isTyped?: boolean; repairs?: number }) =>
  parseScript(text, options)?.body.map(({ type, start }) => `${type} ${start}`) ?? null;

describe('a script', () => {
  it('may have JSX, or types where it is TypeScript', () => {
    expect(statementsOf('const a = <b />;')).toEqual(['VariableDeclaration 0']);
    expect(statementsOf('const a = <T>b;', { isTyped: true })).toEqual(['VariableDeclaration 0']);
  });

  it('with a line that does not parse keeps the others at their offsets', () => {
    expect(statementsOf('// @flow\ntype A = {| x: number |};\nfetch(a);')).toEqual([
      'ExpressionStatement 35',
    ]);
  });

  it('is null where the repairs do not suffice', () => {
    expect(statementsOf('type A = {| x: number |};', { repairs: 0 })).toBeNull();
    expect(statementsOf('fetch(a);\nif (;\nif (;', { repairs: 1 })).toBeNull();
  });

  it('throws where the whole module is needed', () => {
    expect(() => parseModule('type A = {| x: number |};')).toThrow(SyntaxError);
  });
});

it('a bundle is plain JavaScript', () => {
  expect(parseBundle('let a=1;fetch(a)')?.body).toHaveLength(2);
  expect(parseBundle('let a: string')).toBeNull();
});
