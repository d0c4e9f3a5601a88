import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { askInChat } from '../../../../wizard/frontend/browser/ask-in-chat.ts';
import { findChromium } from '../../../../wizard/frontend/browser/find-chromium.ts';
import { assertShown } from '../../../../wizard/frontend/browser/assert-shown.ts';

const chromium = findChromium({ env: process.env, platform: process.platform });
const { signal } = new AbortController();
const http = createHttp({ fetch, sleep: async () => undefined });
const question = 'How is the wind sensor mounted?';
const answer = 'Mount the wind sensor on the mast, as high as the guy wires allow [Source 1].';

/** Asks on its own origin, and shows the answer with a link to its source. */
const ask = `async function ask(q){
  const log=document.querySelector('#log');
  log.insertAdjacentHTML('beforeend','<p>'+q+'</p>');
  const r=await fetch('/chat',{method:'POST',body:JSON.stringify({message:q})});
  const d=await r.json();
  log.insertAdjacentHTML('beforeend',r.ok?'<p>'+d.answer+'</p><a href="'+d.url+'">Mast</a>':'<p>Sorry, something went wrong. Please try again later.</p>');
}`;
const search = '<nav class="navbar"><input type="search" placeholder="Search"></nav>';
const pages: Record<string, string> = {
  '/form': `${search}<div id="log"></div><form><input id="q"><button>Go</button></form><script>${ask}
document.querySelector('form').onsubmit=(e)=>{e.preventDefault();ask(document.querySelector('#q').value)}</script>`,
  '/widget': `${search}<button aria-label="Open chat" style="position:fixed;bottom:9px;right:9px" onclick="this.hidden=true;document.querySelector('#box').hidden=false">💬</button>
<div id="box" hidden><div id="log"></div><textarea></textarea><button id="send">Send</button></div><script>${ask}
document.querySelector('#send').onclick=()=>ask(document.querySelector('textarea').value)</script>`,
  '/clickable': `${search}<div style="position:fixed;bottom:9px;right:9px;cursor:pointer"><svg width="40" height="40"></svg></div>
<div id="box" hidden><div id="log"></div><textarea></textarea><button id="send">Send</button></div><script>${ask}
document.querySelector('svg').parentNode.onclick=()=>{document.querySelector('#box').hidden=false};
document.querySelector('#send').onclick=()=>ask(document.querySelector('textarea').value)</script>`,
  '/element': `${search}<x-chat></x-chat><script>customElements.define('x-chat',class extends HTMLElement{connectedCallback(){
const root=this.attachShadow({mode:'open'});const find=(s)=>root.querySelector(s);
root.innerHTML='<style>.box{position:fixed;bottom:9px;right:9px}</style><div class="box"><button aria-label="Ask">?</button><div id="panel" hidden><div id="log"></div><textarea></textarea><button id="send">Send</button></div></div>';
find('button').onclick=()=>{find('#panel').hidden=false};
${ask.replaceAll('document.querySelector', 'find')}
find('#send').onclick=()=>ask(find('textarea').value)}})</script>`,
  '/docs/mast': '<h2 id="top">Mast</h2>',
};

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** A site and its server: `reply` is the JSON of the chat, null fails. */
async function serve(reply: object | null): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/chat') {
      response.writeHead(reply === null ? 500 : 200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(reply ?? {}));
    }
    const html = pages[pathname];
    response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    return response.end(`<!doctype html><body>${html ?? ''}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function proofOn(path: string, reply: object | null): Promise<void> {
  const page = `${await serve(reply)}${path}`;
  const shown = await askInChat({ chromium: chromium ?? '', url: page, question, signal });
  if (shown === null) throw new Error('No chat was found.');
  await assertShown(shown, { answer, page, http, signal });
}

describe.skipIf(chromium === null)('a chat in Chromium', { timeout: 120_000 }, () => {
  it.each(['/form', '/widget', '/clickable', '/element'])(
    'at %s is asked, and its answer and link are read',
    async (path) => {
      await proofOn(path, { answer, url: '/docs/mast#top' });
    },
  );

  it('that shows an error has no answer', async () => {
    await expect(proofOn('/form', null)).rejects.toMatchObject({ code: 'browser-no-answer' });
  });

  it('whose link leads nowhere is reported', async () => {
    await expect(proofOn('/form', { answer, url: '/docs/gone' })).rejects.toMatchObject({
      code: 'source-link-broken',
    });
  });

  it('is missing on a page that only has a search', async () => {
    const url = `${await serve(null)}/docs/mast`;
    expect(await askInChat({ chromium: chromium ?? '', url, question, signal })).toBeNull();
  });
});
