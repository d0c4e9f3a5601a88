import { describe, expect, it } from 'vitest';
import { findApiUrl } from '../../../../wizard/frontend/proof/find-api-url.ts';

const variable = 'REACT_APP_API_BASE_URL';
const apiOrigin = 'https://ana-book.hf.space';

function finding(text: string) {
  const page = { url: 'https://book.example/', html: '<html>', scripts: [{ url: 'main.js', text }] };
  return findApiUrl({ page, apiOrigin, variable });
}

describe('the address in a bundle', () => {
  it('is found where the build put it', () => {
    expect(finding('let a="https://ana-book.hf.space"')).toEqual({
      foundIn: 'main.js',
      unfilledVariables: [],
      otherSpaces: [],
    });
  });

  it.each([`process.env.${variable}`, `process.env["${variable}"]`])(
    'is missing where %s was left',
    (text) => {
      expect(finding(`fetch(${text}+"/api")`)).toMatchObject({
        foundIn: null,
        unfilledVariables: [{ name: variable, url: 'main.js' }],
      });
    },
  );

  it('is not that of another Space, nor of one whose name ends alike', () => {
    expect(finding('"https://old-book.hf.space/api" "https://another-ana-book.hf.space"')).toEqual({
      foundIn: null,
      unfilledVariables: [],
      otherSpaces: ['old-book.hf.space', 'another-ana-book.hf.space'],
    });
  });
});

describe('what a reader reads is not what the page asks', () => {
  const inPage = (html: string) =>
    findApiUrl({ page: { url: 'https://book.example/', html, scripts: [] }, apiOrigin, variable });

  it.each([
    ['a sample of code', `const sample="fetch('https://ana-book.hf.space/api/chat')";`],
    ['a sample in a template', 'const sample=`const BASE = "https://ana-book.hf.space";`;'],
    ['a link', 'e("a",{href:"https://ana-book.hf.space",children:"https://ana-book.hf.space"})'],
    ['a sentence', 'e("p",{children:["See ","https://ana-book.hf.space"," for more"]})'],
  ])('in a script: %s', (_, text) => {
    expect(finding(text)).toEqual({ foundIn: null, unfilledVariables: [], otherSpaces: [] });
    expect(finding(text.replaceAll('ana-book', 'old-book')).otherSpaces).toEqual([]);
  });

  it('nor is a variable in a sample one that was left', () => {
    const sample = `fetch(process.env.${variable} + "/api/chat")`;
    expect(finding(`const sample=${JSON.stringify(sample)}`).unfilledVariables).toEqual([]);
    expect(inPage(`<pre><code>${sample}</code></pre>`).unfilledVariables).toEqual([]);
    expect(inPage(`<script>${sample}</script>`).unfilledVariables).toEqual([
      { name: variable, url: 'https://book.example/' },
    ]);
  });

  it.each([
    [
      'prose',
      '<p>Ask at https://ana-book.hf.space or <a href="https://ana-book.hf.space">here</a></p>',
      null,
    ],
    ['a head script', '<script>window.API="https://ana-book.hf.space"</script>', 'https://book.example/'],
    ['an attribute', '<div data-api="https://ana-book.hf.space/api"></div>', 'https://book.example/'],
    [
      'a framework’s data',
      '<script type="application/json">{"props":{"api":"https://ana-book.hf.space"}}</script>',
      'https://book.example/',
    ],
  ])('in the page itself: %s', (_, html, foundIn) => {
    expect(inPage(html).foundIn).toBe(foundIn);
  });

  it.each([
    'const a=JSON.parse(\'{"apiUrl":"https://ana-book.hf.space/api"}\')',
    `self.__next_f.push([1,${JSON.stringify('4:I[1]\n5:["$","$L4",null,{"api":"https://ana-book.hf.space"}]\n')}])`,
    'fetch("https://"+"ana-book.hf.space"+"/api/chat")',
    'new WebSocket("wss://ana-book.hf.space/chat")',
    'fetch(`https://ana-book.hf.space/api/chat?q=${q}`)',
  ])('but this is: %s', (text) => {
    expect(finding(text).foundIn).toBe('main.js');
  });
});

describe('a field of the site’s configuration', () => {
  const config = (fields: string): string => `const c={title:"A",customFields:{${fields}},presets:[]};`;

  it.each([
    'old:"https://old-book.hf.space"',
    '"old":"https://old-book.hf.space",n:1',
    'a:0,old:`https://old-book.hf.space/api`',
  ])('that nothing reads is no other Space, and no proof: %s', (fields) => {
    expect(finding(config(fields)).otherSpaces).toEqual([]);
    expect(finding(config(fields.replace('old-book', 'ana-book'))).foundIn).toBeNull();
  });

  it.each(['fetch(x.customFields.old)', 'let{old:u}=s.customFields', 'f["old"]'])(
    'that %s reads is one',
    (read) => {
      expect(finding(config('old:"https://old-book.hf.space"') + read).otherSpaces).toEqual([
        'old-book.hf.space',
      ]);
      expect(finding(config('old:"https://ana-book.hf.space"') + read).foundIn).toBe('main.js');
    },
  );
});
