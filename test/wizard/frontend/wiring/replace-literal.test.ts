import { describe, expect, it } from 'vitest';
import { parseSourceFile } from '../../../../javascript/source-file.ts';
import { replaceLiteral } from '../../../../wizard/frontend/wiring/replace-literal.ts';

describe('a literal URL becomes the variable, with itself as the fallback', () => {
  it.each([
    [`const a = 'https://x.hf.space';`, `const a = (process.env.API || 'https://x.hf.space');`],
    [
      `fetch("https://x.hf.space/api/chat")`,
      `fetch((process.env.API || "https://x.hf.space") + "/api/chat")`,
    ],
    ['`https://x.hf.space/api/${id}`', "`${process.env.API || 'https://x.hf.space'}/api/${id}`"],
    [`<Chat url="https://x.hf.space" />`, `<Chat url={(process.env.API || "https://x.hf.space")} />`],
    [
      `<Chat url='https://x.hf.space/api' a='b' />`,
      `<Chat url={(process.env.API || 'https://x.hf.space') + '/api'} a='b' />`,
    ],
    [
      `<Chat on={() => go()} url="https://x.hf.space" />`,
      `<Chat on={() => go()} url={(process.env.API || "https://x.hf.space")} />`,
    ],
    [`const a = 'https://x.hf.space/';`, `const a = (process.env.API || 'https://x.hf.space');`],
    [
      `const tag = 'window.A="https://x.hf.space/api";';`,
      `const tag = 'window.A="' + (process.env.API || "https://x.hf.space") + '/api";';`,
    ],
    [
      'const tag = `window.A="https://x.hf.space";window.B=${b}`;',
      `const tag = \`window.A="\${process.env.API || 'https://x.hf.space'}";window.B=\${b}\`;`,
    ],
  ])('%s', (text, expected) => {
    const file = parseSourceFile('a.jsx', text);
    if (file === null) throw new Error(text);
    const start = text.search(/['"`]https/);
    const url = /https:[^'"`$]*/.exec(text)?.[0] ?? '';
    expect(replaceLiteral({ file, text, start, url, expression: 'process.env.API' })).toBe(expected);
  });
});
