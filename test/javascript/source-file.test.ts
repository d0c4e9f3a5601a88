import { describe, expect, it } from 'vitest';
import { locationAt, parseSourceFile, parsesCompletely } from '../../javascript/source-file.ts';

describe('a source file', () => {
  it.each([
    ['a.ts', 'const a = <T>b;'],
    ['a.jsx', 'const a = <b />;'],
    ['a.html', '<p>Text</p><script>const a = 1;</script>'],
    ['a.mdx', '# Title\n\nexport const a = 1;\n\nText with { braces'],
  ])('%s is parsed by its extension, with the offsets of its text', (path, text) => {
    const file = parseSourceFile(path, text);
    const declaration = file?.nodes.find(({ node }) => node.type === 'VariableDeclaration')?.node;
    expect(declaration?.start).toBe(text.indexOf('const a'));
  });

  it('of a bundler is plain JavaScript, whatever its URL', () => {
    expect(parseSourceFile('https://book.example/main', 'fetch(a)', { isBundle: true })).not.toBeNull();
    expect(parseSourceFile('main.js', 'const a = <b />', { isBundle: true })).toBeNull();
  });

  it('has a location for each offset', () => {
    const text = 'const a = 1;\n  fetch(a);\n';
    const file = parseSourceFile('src/a.js', text);
    expect(file && locationAt(file, text.indexOf('fetch'))).toEqual({
      file: 'src/a.js',
      line: 2,
      text: 'fetch(a);',
    });
  });
});

it('a file parses completely only without a repair', () => {
  expect(parsesCompletely('a.js', 'fetch(a);')).toBe(true);
  expect(parsesCompletely('a.js', 'fetch(a);\nfetch(;')).toBe(false);
});
