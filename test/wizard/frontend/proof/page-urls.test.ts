import { describe, expect, it } from 'vitest';
import {
  framedUrls,
  lazyScriptUrls,
  linkedUrls,
  ownScriptUrls,
  routeUrls,
  scriptUrls,
} from '../../../../wizard/frontend/proof/page-urls.ts';

describe('the pages that a page links to', () => {
  it('are of the same site, and no files', () => {
    const html = `<a class=b href=/docs/x>1</a> <a href="https://other.example/docs/y">2</a> <a href='guide/z.html#part'>3</a>
      <a href="/book.pdf">4</a> <a href="mailto:a@b.example">5</a> <a href="/">6</a> <a href="/docs/x">7</a>`;
    expect(linkedUrls({ html, url: 'https://book.example/' })).toEqual([
      'https://book.example/docs/x',
      'https://book.example/guide/z.html',
    ]);
  });

  it.each(['/chat', '/ask-the-book/', '/ai-assistant', '/chatbot.html'])('begin with %s', (path) => {
    const html = `<a href="/about">1</a> <a href="/docs/x">2</a> <a href="${path}">3</a> <a href="/task">4</a>`;
    const [first, second] = linkedUrls({ html, url: 'https://book.example/' });
    expect([first, second]).toEqual([`https://book.example${path}`, 'https://book.example/docs/x']);
  });
});

it('lists the pages that a Docusaurus site has beside its book and blog, one of a chat first', () => {
  const route = (path: string) => `{path:"${path}",component:d("${path}","a1b"),exact:!0}`;
  const paths = [
    '/',
    '/about',
    '/blog/tags',
    '/ask-us',
    '/docs',
    '/my-book/login',
    '/docs/intro',
    '/404.html',
  ];
  const scripts = [{ text: `let f=[${paths.map(route).join()},{path:"*",component:d("*")}]` }];
  expect(routeUrls({ url: 'https://book.example/', scripts })).toEqual([
    'https://book.example/ask-us',
    'https://book.example/about',
    'https://book.example/my-book/login',
  ]);
});

it.each([
  [
    '<div><iframe class=chat src="/chat/index.html?x=1"></iframe></div>',
    '',
    ['https://book.example/chat/index.html'],
  ],
  [
    '',
    'return(0,i.jsx)("iframe",{title:"Chat",src:"/chat.html",width:9})',
    ['https://book.example/chat.html'],
  ],
  ['', 'a.createElement("iframe",{src:(0,l.Ay)("/chat.html")})', ['https://book.example/chat.html']],
  ['<iframe src="https://video.example/embed"></iframe>', 'const src="/chat.html"', []],
])('finds the pages of the site that are shown in a frame: %s %s', (html, text, urls) => {
  expect(framedUrls({ html, url: 'https://book.example/docs/', scripts: [{ text }] })).toEqual(urls);
});

it('lists the scripts of the page’s own origin, however they are quoted', () => {
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

describe('scripts that come later', () => {
  const site = 'https://book.example/repo';

  it('are webpack’s chunks, less the book’s pages', () => {
    const text =
      'r.u=e=>"assets/js/"+({48:"a94703ab",98:"a7bd4aaa"}[e]||e)+"."+{48:"6b25b03d",98:"166faddf",812:"c09276f1"}[e]+".js",r.p="/repo/"';
    expect(lazyScriptUrls({ url: `${site}/assets/js/runtime~main.1.js`, text })).toEqual([
      `${site}/assets/js/812.c09276f1.js`,
    ]);
  });

  it("reads a table whose objects SWC's minifier put in parentheses", () => {
    const text =
      'c.u=e=>"assets/js/"+(({106:"17896441",785:"a94703ab"})[e]||e)+"."+({106:"f2fc6ee7",785:"f21da940",90:"f2f81e33"})[e]+".js"';
    expect(lazyScriptUrls({ url: `${site}/assets/js/runtime~main.1.js`, text })).toEqual([
      `${site}/assets/js/90.f2f81e33.js`,
    ]);
  });

  it('are those that a person named, too', () => {
    const text =
      'r.u=e=>"assets/js/"+({48:"a94703ab",7:"chat"}[e]||e)+"."+{7:"11c09276",48:"6b25b03d"}[e]+".js"';
    expect(lazyScriptUrls({ url: `${site}/assets/js/runtime~main.1.js`, text })).toEqual([
      `${site}/assets/js/chat.11c09276.js`,
    ]);
  });

  it('are the parts of the page itself, which Docusaurus names by a hash', () => {
    const table =
      'r.u=e=>"assets/js/"+({48:"a94703ab",98:"41e581c4",7:"5e95c892"}[e]||e)+"."+{48:"6b25b03d",98:"166faddf",7:"c0"}[e]+".js"';
    const routes =
      'e.exports=JSON.parse(\'{"/repo/chat/-5fc":{"__comp":"41e581c4","__context":{"plugin":"a7456010"},"config":"5e9f5e1a"},"/repo/docs-cd2":{"__comp":"5e95c892"}}\')';
    const scripts = [
      { url: `${site}/assets/js/runtime~main.1.js`, text: table },
      { url: `${site}/assets/js/main.2.js`, text: routes },
    ];
    expect(ownScriptUrls({ url: `${site}/chat`, scripts })).toEqual([
      `${site}/assets/js/41e581c4.166faddf.js`,
    ]);
    expect(ownScriptUrls({ url: `${site}/`, scripts })).toEqual([]);
    const [runtime, main] = scripts;
    const unquoted = {
      url: main?.url ?? '',
      text: 'const a={"/repo/chat-5fc":{__comp:"41e581c4",__context:{plugin:"a7"}}}',
    };
    expect(ownScriptUrls({ url: `${site}/chat/`, scripts: [runtime ?? unquoted, unquoted] })).toEqual([
      `${site}/assets/js/41e581c4.166faddf.js`,
    ]);
  });

  it('are what a module imports when it needs it', () => {
    const text = 'const C=lazy(()=>import("./Chat-x_1.js").then(a=>a));import("https://cdn.example/y.js")';
    const only = 'l.u=e=>"assets/js/common.4e164676.js",l.o=1';
    expect(lazyScriptUrls({ url: `${site}/assets/js/runtime~main.1.js`, text: only })).toEqual([
      `${site}/assets/js/common.4e164676.js`,
    ]);
    const page = 'l.u=e=>"assets/js/6ca803f8.4e164676.js"';
    expect(lazyScriptUrls({ url: `${site}/assets/js/runtime~main.1.js`, text: page })).toEqual([]);
    expect(lazyScriptUrls({ url: `${site}/assets/index-1.js`, text })).toEqual([
      `${site}/assets/Chat-x_1.js`,
    ]);
  });
});
