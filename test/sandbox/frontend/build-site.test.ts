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
  it('inlines the variable when the configuration defines it, under a new file name', () => {
    const source = siteSource({ title: 'A & B', inlines: true });
    const [before, after] = [buildSite({ source, env: {} }).files, buildSite({ source, env }).files];
    expect(bundleOf(after)).toContain(`const apiBase = "${space}"`);
    expect(bundleOf(before)).toContain('const apiBase = ""');
    expect([...before.keys()]).not.toEqual([...after.keys()]);
    expect(after.get('index.html')).toContain('<title>A &amp; B</title>');
  });

  it('leaves process.env in the bundle otherwise, as Docusaurus does', () => {
    const { files } = buildSite({ source: siteSource({ title: 'Plain', inlines: false }), env });
    expect(bundleOf(files)).toContain('process.env.REACT_APP_API_BASE_URL');
    expect(() => runInNewContext(bundleOf(files))).toThrow('process is not defined');
  });

  it('fails when there is nothing to serve', () => {
    expect(() => buildSite({ source: new Map([['README.md', '# hi']]), env })).toThrow('No Output Directory');
  });
});

/** A stub of the DOM that the chat script uses. */
function createPage() {
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
      append: (child: object) => children.push(child),
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
    '#log': { append: (line: object) => log.push(line) },
  };
  const document = { querySelector: (selector: string) => parts[selector], createElement: element };
  const ask = async (question: string): Promise<void> => {
    field.value = question;
    await listeners[0]?.({ preventDefault: () => {} });
  };
  return { document, log, ask };
}

describe('the chat page', () => {
  async function askWithAnswer(body: string, status = 200) {
    const requests: unknown[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece) => (text += piece));
      request.on('end', () => {
        requests.push(request.url, JSON.parse(text));
        response.writeHead(status, { 'content-type': 'text/event-stream' });
        // In two halves, so that an event is split.
        response.write(body.slice(0, body.length / 2));
        setImmediate(() => response.end(body.slice(body.length / 2)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = siteSource({ title: 'Book', inlines: true });
    const { document, log, ask } = createPage();
    const script = bundleOf(buildSite({ source, env: { REACT_APP_API_BASE_URL: api } }).files);
    runInNewContext(script, { document, fetch, TextDecoderStream });
    await ask('What is it?');
    await new Promise((resolve) => server.close(resolve));
    return { requests, log };
  }

  it('sends the question in general mode, shows tokens as text and links the sources', async () => {
    const events = [
      { type: 'metadata', conversation_id: 'x' },
      { type: 'token', content: 'It is ' },
      { type: 'token', content: '<b>é</b> [Source 1]' },
      { type: 'done', sources: [{ file: 'docs/intro.md', heading: 'Intro > What', similarity: 0.9 }] },
    ];
    const { requests, log } = await askWithAnswer(
      events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    );
    expect(requests).toEqual(['/api/chat', { message: 'What is it?', mode: 'general' }]);
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

  it('shows an error when the server answers with one', async () => {
    const { log } = await askWithAnswer('{}', 503);
    expect(log.at(-1)).toMatchObject({
      className: 'failure',
      textContent: 'Error: Chat API error: Service Unavailable',
    });
  });
});
