import { describe, expect, it } from 'vitest';
import { createHttp, type Http } from '../../../../wizard/clients/http.ts';
import { canonicalContract } from '../../../../wizard/frontend/proof/canonical-contract.ts';
import { findWiredRequest } from '../../../../wizard/frontend/proof/wired-request.ts';
import type { ChatContract } from '../../../../wizard/model/chat-contract.ts';

const api = 'https://ana-book.hf.space';
const site = 'https://book.example';
const { signal } = new AbortController();
/** No page of the site links to another one, and nothing answers under its `/api`. */
const http = createHttp({
  fetch: async () => new Response('Not Found', { status: 404 }),
  sleep: async () => undefined,
});

type Deployed = {
  script?: string;
  html?: string;
  source?: ChatContract;
  path?: string;
  hasSource?: boolean;
  http?: Http;
};

function wired({ script = '', html = '<html>', source, path = '', hasSource = false, ...other }: Deployed) {
  return findWiredRequest({
    page: { url: `${site}/docs/`, html, scripts: [{ url: `${site}/assets/js/main.js`, text: script }] },
    api,
    variable: 'REACT_APP_API_BASE_URL',
    source: source === undefined ? null : { contract: source, path, isSameOrigin: false },
    hasSource,
    http: other.http ?? http,
    signal,
  });
}

/** A chat in a bundle, which asks at an expression and shows a field of the JSON reply. */
const asking = (address: string, field = 'answer'): string =>
  `async function ask(q){const r=await fetch(${address},{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({query:q,top_k:5})});const d=await r.json();document.title=d.${field}}document.onclick=()=>ask(document.title);`;

describe('the request of a deployed page', () => {
  it('is that of our own chat where the page has its line and its loader', async () => {
    const page = (server: string, loader = 'customElements.define("book-chat",C)') => ({
      url: `${site}/docs/`,
      html: `<script defer src=/book-chat.js data-server=${server}></script>`,
      scripts: [{ url: `${site}/book-chat.js`, text: loader }],
    });
    const rest = { api, variable: 'A', source: null, hasSource: false, http, signal };
    expect(await findWiredRequest({ ...rest, page: page(api) })).toEqual({
      url: `${api}/api/chat`,
      origin: site,
      contract: canonicalContract,
    });
    const elsewhere = findWiredRequest({ ...rest, page: page('https://other.hf.space') });
    await expect(elsewhere).rejects.toMatchObject({
      code: 'frontend-not-wired',
      message: expect.stringContaining('https://other.hf.space') as string,
    });
    const withoutFile = findWiredRequest({ ...rest, page: page(api, '<!doctype html>') });
    await expect(withoutFile).rejects.toMatchObject({ code: 'frontend-not-wired' });
  });

  it('is read from a page that it shows in a frame', async () => {
    const frame = `<input><script>const a="${api}";${asking('a+"/chat"')}</script>`;
    const framing = createHttp({
      fetch: async (url) =>
        String(url) === `${site}/chat.html`
          ? new Response(frame)
          : new Response('Not Found', { status: 404 }),
      sleep: async () => undefined,
    });
    const script = 'const f=()=>(0,i.jsx)("iframe",{src:"/chat.html"})';
    expect(await wired({ script, http: framing })).toMatchObject({ url: `${api}/chat`, origin: site });
    await expect(wired({ script })).rejects.toMatchObject({ code: 'frontend-not-wired' });
  });

  it('is read from its bundle: the address, the keys, the fields of the reply', async () => {
    const request = await wired({ script: `const a="${api}";${asking('`${a}/api/query`', 'response')}` });
    expect(request).toMatchObject({
      url: `${api}/api/query`,
      origin: site,
      contract: {
        body: [
          { key: 'query', role: 'question' },
          { key: 'top_k', role: 'constant', value: 5 },
        ],
        reply: { type: 'json', text: ['response'] },
      },
    });
  });

  it.each([
    ['a path', '"/api/chat"', `${site}/api/chat`],
    ['the page’s own origin', 'window.location.origin+"/chat"', `${site}/chat`],
    ['a variable that the build left empty', '""+"/api/chat"', `${site}/api/chat`],
  ])('goes to its own origin by %s', async (_, address, url) => {
    expect(await wired({ script: asking(address) })).toMatchObject({ url });
  });

  it.each([
    ['customFields:{chatUrl:"URL"}', 's.siteConfig.customFields.chatUrl+"/chat"'],
    ['customFields:{chatbot:{apiUrl:"URL"}}', 's.siteConfig.customFields.chatbot.apiUrl+"/chat"'],
    [
      'customFields:{chatUrl:"URL"}',
      '(s.siteConfig.customFields.chatUrl||"https://old.onrender.com")+"/chat"',
    ],
  ])('goes where the field %s of the site’s configuration leads', async (field, address) => {
    const config = field.replace('URL', api);
    const script = `const c={title:"A",${config}};const s=use();${asking(address)}`;
    expect(await wired({ script })).toMatchObject({ url: `${api}/chat` });
    const other = script.replace(api, 'https://old.up.railway.app');
    await expect(wired({ script: other })).rejects.toMatchObject({ code: 'frontend-not-wired' });
  });

  it('goes where a global leads that the page’s own script sets', async () => {
    const script = asking('(window.CHAT_URL||"http://localhost:8000")+"/chat"');
    const html = `<script>window.CHAT_URL="${api}"</script>`;
    expect(await wired({ script, html })).toMatchObject({ url: `${api}/chat` });
    await expect(wired({ script })).rejects.toMatchObject({ code: 'frontend-not-wired' });
  });

  it.each([
    'http://localhost:8000',
    'https://old.up.railway.app',
    'https://old.onrender.com',
    'https://old-book.hf.space',
  ])('fails the proof where a reader’s browser asks %s', async (other) => {
    const choice = (host: string): string => `location.hostname==="${host}"?"${api}":"${other}"`;
    const script = (host: string): string => `const a=${choice(host)};${asking('a+"/chat"')}`;
    await expect(wired({ script: script('localhost') })).rejects.toMatchObject({
      code: 'frontend-not-wired',
      message: expect.stringContaining(other),
    });
    // A dead branch does not count.
    expect(await wired({ script: script('book.example') })).toMatchObject({ url: `${api}/chat` });
  });

  it('fails the proof where it may go to ours or to another server', async () => {
    const script = `const a=Math.random()>.5?"${api}":"https://old.onrender.com";${asking('a+"/chat"')}`;
    await expect(wired({ script })).rejects.toMatchObject({ code: 'frontend-other-space' });
  });

  it('fails the proof where the build left its variable', async () => {
    const script = asking('process.env.REACT_APP_API_BASE_URL+"/chat"');
    await expect(wired({ script })).rejects.toMatchObject({
      code: 'frontend-not-wired',
      message: expect.stringContaining('process.env.REACT_APP_API_BASE_URL'),
    });
  });

  describe('is the chat’s own, whatever else the page asks', () => {
    const base = 'https://lessons.hf.space';
    const post = (body: string): string =>
      `{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify(${body})}`;
    const guard = 'typeof process!=="undefined"&&process.env&&process.env.REACT_APP_API_URL';
    const others = [
      `const t=(x,l)=>fetch("${base}/api/translate",${post('{text:x,target_language:l}')});t("a","b");`,
      `const b="${base}";const post=(p,x)=>fetch(b+p,${post('x')});post("/api/v1/personalize",{chapter:1});`,
      `const b="${base}/api";const rq=(p,x)=>fetch(b+p,${post('x')});window.rq=rq;`,
      `class C{constructor(){this.b="${base}"}get(p){return fetch(this.b+p)}}new C().get("/api/auth/me");`,
      `const b=(${guard})||"${base}";const t=x=>fetch(b+"/translate",${post('{text:x}')});t("a");`,
      `const b=(${guard})||"${base}";const rq=(p,x)=>fetch(b+p,${post('x')});window.rq=rq;`,
      `const b=process.env.REACT_APP_API_URL;const l=x=>fetch(b+"/login",${post('{email:x}')});l("a");`,
      `const b=process.env.REACT_APP_API_URL||"${base}";const rq=(p,x)=>fetch(b+p,${post('x')});window.rq=rq;`,
    ];

    it.each(others)('where its address is traced, beside %s', async (other) => {
      const script = `(()=>{const a="${api}";${asking('a+"/chat"')}})();(()=>{${other}})();`;
      expect(await wired({ script })).toMatchObject({ url: `${api}/chat` });
    });

    const elsewhere = others.filter((other) => other.includes(base));
    it.each(elsewhere)('and unproven where it cannot be traced beside %s', async (other) => {
      const script = `start("${api}");(()=>{${other}})();`;
      expect(await wired({ script, source: { ...canonicalContract, path: '/chat' } })).toBeNull();
    });

    it('and fails where both ask a question', async () => {
      const script = `(()=>{const a="${api}";${asking('a+"/chat"')}})();(()=>{const a="${base}";${asking('a+"/chat"')}})();`;
      await expect(wired({ script })).rejects.toMatchObject({ code: 'frontend-other-space' });
    });
  });

  it('is never helped by a flag that was given', async () => {
    const scripts = ['fetch("https://old.onrender.com/chat",{method:"POST"})', 'start()'];
    const reads = [...scripts, asking('process.env.REACT_APP_API_BASE_URL+"/chat"')];
    for (const script of reads) {
      const remedyOf = (hasSource: boolean) =>
        wired({ script, hasSource }).catch(({ remedy }: { remedy: string }) => remedy);
      expect(await remedyOf(false)).toContain('--frontend');
      expect(await remedyOf(true)).not.toContain('--frontend');
    }
  });

  it('is read from the source where the bundle does not show what it reads of the reply', async () => {
    const script = `const a="${api}";${asking('a+"/chat"').replace(/const d.*answer/, 'show(r)')}`;
    expect(await wired({ script })).toBeNull();
    expect(await wired({ script, source: canonicalContract })).toMatchObject({
      url: `${api}/chat`,
      contract: { reply: { type: 'stream', form: 'canonical' } },
    });
  });

  it('is read from the source where the chat cannot be traced through the bundle', async () => {
    const script = `start("${api}/api")`;
    expect(await wired({ script })).toBeNull();
    expect(
      await wired({ script, source: { ...canonicalContract, path: '/chat' }, path: '/api' }),
    ).toMatchObject({
      url: `${api}/api/chat`,
    });
    await expect(wired({ script: 'start()', source: canonicalContract })).rejects.toMatchObject({
      code: 'frontend-not-wired',
    });
  });
});
