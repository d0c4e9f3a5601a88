import { describe, expect, it } from 'vitest';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { askUntilLive } from '../../../../wizard/frontend/proof/ask-until-live.ts';
import { canonicalContract } from '../../../../wizard/frontend/proof/canonical-contract.ts';
import { deadLinks } from '../../../../wizard/frontend/proof/open-proof.ts';

const { signal } = new AbortController();
const api = 'https://ana-book.hf.space';
const origin = 'https://book.example';
const pages = ['/docs/mast', '/docs/wind', '/docs/rain'];
const questions = pages.map((url) => ({ text: `About ${url}?`, url: `${url}#top` }));

/** A site with these pages, and a server that cites the page that it is requested about. */
function world(site: Readonly<Record<string, string>>) {
  const requested: string[] = [];
  const answer = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin === origin) {
      const html = site[url.pathname];
      return html === undefined ? new Response('', { status: 404 }) : new Response(html);
    }
    const { message } = JSON.parse(String(init?.body)) as { message: string };
    const page = /\/docs\/\w+/.exec(message)?.[0] ?? '';
    requested.push(page);
    const events = [
      { type: 'token', content: 'High [Source 1].' },
      { type: 'done', sources: [{ file: 'a.md', heading: 'A', url: `${page}#top` }] },
    ];
    const headers = { 'content-type': 'text/event-stream', 'access-control-allow-origin': origin };
    return new Response(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''), { headers });
  };
  const http = createHttp({ fetch: answer, sleep: async () => undefined });
  const request = { url: `${api}/api/chat`, origin, contract: canonicalContract };
  const ask = () => askUntilLive({ request, questions, followsLinks: true, http, signal });
  return { ask, requested };
}

const page = '<h2 id="top">Top</h2>';

describe('the sources of a proof’s answer', () => {
  it('lead to places that are there', async () => {
    const { ask, requested } = world({ '/docs/mast': page });
    expect(await ask()).toMatchObject({ answer: { links: [`${origin}/docs/mast#top`] }, dead: [] });
    expect(requested).toEqual(['/docs/mast']);
  });

  it('are requested for among the sections whose page is live', async () => {
    const { ask, requested } = world({ '/docs/rain': page });
    expect((await ask()).dead).toEqual([]);
    expect(requested).toEqual(['/docs/rain']);
  });

  it('are not live where the book was never pushed: neither proved nor refuted', async () => {
    const { ask, requested } = world({});
    const { dead } = await ask();
    expect(requested).toEqual(['/docs/mast']);
    expect(deadLinks(dead)).toMatchObject({ remedy: expect.stringContaining('Push your book first') });
  });

  it('that lead to a page without the cited place refute it', async () => {
    const { ask } = world(Object.fromEntries(pages.map((path) => [path, '<h2 id="other">Top</h2>'])));
    const { dead } = await ask();
    expect(() => deadLinks(dead)).toThrow(expect.objectContaining({ code: 'source-link-broken' }));
  });

  it('that lead to a page whose text appears in a browser only neither prove nor refute it', async () => {
    const { ask } = world(Object.fromEntries(pages.map((path) => [path, '<div id="root"></div>'])));
    const { dead } = await ask();
    expect(deadLinks(dead)).toMatchObject({ reason: expect.stringContaining('in a browser only') });
  });
});
