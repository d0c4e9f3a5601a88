import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { buildSite } from '../../../sandbox/frontend/build-site.ts';
import { siteSource } from '../../../sandbox/frontend/site-source.ts';

const space = 'https://ana-sample-book.example.com';
const env = { REACT_APP_API_BASE_URL: space };

function bundleOf(files: ReadonlyMap<string, string>): string {
  const path = /src="\/(assets\/js\/main\.[0-9a-f]{8}\.js)"/.exec(files.get('index.html') ?? '')?.[1];
  return files.get(path ?? '') ?? '';
}

describe('building a sample site', () => {
  it('inlines the variable where the configuration defines it, under a new file name', () => {
    const source = siteSource({ title: 'A & B', inlines: true });
    const [before, after] = [buildSite({ source, env: {} }).files, buildSite({ source, env }).files];
    expect(bundleOf(after)).toContain(`const apiBase = "${space}"`);
    expect(bundleOf(before)).toContain('const apiBase = ""');
    expect([...before.keys()]).not.toEqual([...after.keys()]);
    expect(after.get('index.html')).toContain('<title>A &amp; B</title>');
  });

  it('leaves the name where it does not, as Docusaurus does, and the build passes', () => {
    const { files } = buildSite({ source: siteSource({ title: 'Plain', inlines: false }), env });
    expect(bundleOf(files)).toContain('process.env.REACT_APP_API_BASE_URL');
    expect(() => runInNewContext(bundleOf(files))).toThrow('process is not defined');
  });

  it('fails where there is nothing to serve', () => {
    expect(() => buildSite({ source: new Map([['README.md', '# hi']]), env })).toThrow('No Output Directory');
  });
});

/** As much of a page as the chat script touches. */
function page() {
  const log: any[] = []; // oxlint-disable-line typescript/no-explicit-any
  const listeners: ((event: { preventDefault(): void }) => Promise<void>)[] = [];
  const element = (tag: string) => {
    const children: object[] = [];
    return {
      tag,
      textContent: '',
      className: '',
      value: '',
      href: '',
      children,
      append: (one: object) => children.push(one),
      setAttribute: () => {},
      removeAttribute: () => {},
    };
  };
  const field = element('input');
  const form = {
    ...element('form'),
    addEventListener: (_: string, listener: (typeof listeners)[number]) => listeners.push(listener),
  };
  const parts: Record<string, object> = {
    form,
    '#question': field,
    '#log': { append: (one: object) => log.push(one) },
  };
  const document = { querySelector: (selector: string) => parts[selector], createElement: element };
  const ask = async (question: string): Promise<void> => {
    field.value = question;
    await listeners[0]?.({ preventDefault: () => {} });
  };
  return { document, log, ask };
}

describe('the chat page', () => {
  async function answered(body: string, status = 200) {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece) => (text += piece));
      request.on('end', () => {
        asked.push(request.url, JSON.parse(text));
        response.writeHead(status, { 'content-type': 'text/event-stream' });
        // Two halves, so that an event is cut in the middle.
        response.write(body.slice(0, body.length / 2));
        setImmediate(() => response.end(body.slice(body.length / 2)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = siteSource({ title: 'Book', inlines: true });
    const { document, log, ask } = page();
    const script = bundleOf(buildSite({ source, env: { REACT_APP_API_BASE_URL: api } }).files);
    runInNewContext(script, { document, fetch, TextDecoderStream });
    await ask('What is it?');
    await new Promise((resolve) => server.close(resolve));
    return { asked, log };
  }

  it('asks in general mode, shows the tokens as text and links the sources to their pages', async () => {
    const events = [
      { type: 'metadata', conversation_id: 'x' },
      { type: 'token', content: 'It is ' },
      { type: 'token', content: '<b>é</b> [Source 1]' },
      { type: 'done', sources: [{ file: 'docs/intro.md', heading: 'Intro > What', similarity: 0.9 }] },
    ];
    const { asked, log } = await answered(
      events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    );
    expect(asked).toEqual(['/api/chat', { message: 'What is it?', mode: 'general' }]);
    expect(log.map(({ textContent }) => textContent)).toEqual([
      'What is it?',
      'It is <b>é</b> [Source 1]',
      '',
    ]);
    expect(log[2].children[0].children[0]).toMatchObject({
      href: '/docs/intro',
      textContent: '[1] Intro > What',
    });
  });

  it('says so when the server refuses', async () => {
    const { log } = await answered('{}', 503);
    expect(log.at(-1)).toMatchObject({
      className: 'failure',
      textContent: 'Error: Chat API error: Service Unavailable',
    });
  });
});
