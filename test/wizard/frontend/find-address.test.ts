import { describe, expect, it } from 'vitest';
import { findAddress } from '../../../wizard/frontend/find-address.ts';
import { scriptUrls } from '../../../wizard/frontend/page.ts';

const variable = 'REACT_APP_API_BASE_URL';
const apiOrigin = 'https://ana-book.hf.space';

function finding(text: string) {
  const page = { url: 'https://book.example/', html: '<html>', scripts: [{ url: 'main.js', text }] };
  return findAddress({ page, apiOrigin, variable });
}

describe('the address in a bundle', () => {
  it('is found where the build put it', () => {
    expect(finding('let a="https://ana-book.hf.space"')).toEqual({
      foundIn: 'main.js',
      leftovers: [],
      others: [],
    });
  });

  it.each([`process.env.${variable}`, `process.env["${variable}"]`])(
    'is missing where %s was left',
    (text) => {
      expect(finding(`fetch(${text}+"/api")`)).toMatchObject({
        foundIn: null,
        leftovers: [{ name: variable, url: 'main.js' }],
      });
    },
  );

  it('is not that of another Space, nor of one whose name ends alike', () => {
    expect(finding('"https://old-book.hf.space/api" "https://another-ana-book.hf.space"')).toEqual({
      foundIn: null,
      leftovers: [],
      others: ['old-book.hf.space', 'another-ana-book.hf.space'],
    });
  });
});

it('reads the page’s own scripts, however they are written, and nobody else’s', () => {
  const html = `
    <script defer src="/assets/js/main.1.js"></script><script src='/a.js'></script><script src=b.js></script>
    <link rel="preload" as="script" href="/assets/js/chunk.2.js"><link rel="stylesheet" href="/x.css">
    <script src="https://tracker.example/t.js"></script><script>inline()</script><script src="/a.js"></script>`;
  expect(scriptUrls({ html, url: 'https://book.example/docs/' })).toEqual([
    'https://book.example/assets/js/main.1.js',
    'https://book.example/a.js',
    'https://book.example/docs/b.js',
    'https://book.example/assets/js/chunk.2.js',
  ]);
});
