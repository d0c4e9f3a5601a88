/**
 * The recorded HTTP of the FastAPI server this replaces, replayed with the same scripted chunks and the same collection.
 * Equal after masking ids, times and our additions; where ours is deliberately better (a 400 instead of a
 * 500, for example), the row says how. Every transcript in the file has a row.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventsOf, masked, plainStream, readTranscripts, type Transcript } from './golden-transcripts.ts';
import { writeLegacyCollection } from './legacy-collection.ts';
import { untilHealth, type RunningServer } from './start-server.ts';
import { startVendors, type Vendors } from './vendors.ts';

const transcripts = readTranscripts();
if (transcripts === null)
  process.stdout.write(
    'golden: skipped: the recorded HTTP of the FastAPI server (../shared/reference) is not here; with it every exchange would be replayed\n',
  );
const origin = 'https://ai-humanoid-robot.vercel.app';
const message = 'what is physical ai';
const unknown = '00000000-0000-4000-8000-000000000000';
const pieces = ['Physical AI ', 'is "embodied"\nAI ', '[Source 1] — ✓.'];
const collection = 'docusaurus-book';
const payloads = [
  {
    file_path: 'docs/module-01/chapter-01.md',
    heading_path: ['What is Physical AI', 'Core ideas'],
    content: 'What is Physical AI? Physical AI is embodied intelligence: it acts in the physical world.',
  },
  {
    file_path: String.raw`docs\module-02\chapter-05.md`,
    heading_path: ['Gazebo — setup'],
    content:
      'Physical AI is tried in Gazebo first: what is embodied there acts in a simulated physical world.',
  },
  // The last hit of a ranking scores lowest, so the two that the FastAPI server found are not the last.
  {
    file_path: 'docs/module-03/chapter-09.md',
    heading_path: ['Batteries'],
    content: 'Charge lithium batteries slowly.',
  },
];

type StartServer = (environment: Record<string, string>) => Promise<RunningServer>;

/** Registers the tests; `startWith` starts a server that is healthy. */
export function replayTranscripts(startWith: StartServer): void {
  let vendors: Vendors;
  let server: RunningServer;
  /** The conversation of the first transcript, continued by the next ones. */
  let conversation = '';
  const replayed = new Set<string>();

  async function start(): Promise<void> {
    server = await startWith({ ...vendors.environment, ALLOWED_ORIGINS: origin });
  }

  /** A server without open breakers and cached vectors, so that a failure has its effect. */
  async function restart(): Promise<void> {
    await server.close();
    await start();
  }

  beforeAll(async () => {
    vendors = await startVendors();
    await writeLegacyCollection(vendors, { collection, model: 'gemini-embedding-2', payloads });
    await start();
  });
  afterEach(() => {
    vendors.faults.clear();
    vendors.gemini.controls['script']!(null);
    vendors.gemini.controls['quota']!(null);
  });
  afterAll(async () => {
    await server.close();
    await vendors.close();
  });

  function golden(title: string): Transcript {
    replayed.add(title);
    const transcript = transcripts?.get(title);
    if (transcript === undefined) throw new Error(`There is no transcript "${title}".`);
    return transcript;
  }

  type GoldenRequest = { method?: string; headers?: Record<string, string>; body?: unknown };

  async function send(path: string, { method, headers, body }: GoldenRequest = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${server.url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      redirect: 'manual',
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  describe.skipIf(transcripts === null)('the same bytes', () => {
    test('POST chat general + Origin', async () => {
      const wanted = golden('POST chat general + Origin');
      vendors.gemini.controls['script']!({ pieces });
      const ours = await send('/api/chat', { body: { message, mode: 'general' }, headers: { origin } });
      expect(ours.status).toBe(wanted.status);
      expect(plainStream(ours.body)).toBe(plainStream(wanted.body));
      for (const name of ['content-type', 'access-control-allow-origin', 'access-control-allow-credentials'])
        expect(ours.headers.get(name)).toBe(wanted.headers[name]);
      expect(ours.headers.get('cache-control')).toContain(wanted.headers['cache-control']);
      expect(ours.headers.get('vary')).toContain(wanted.headers['vary']);
      conversation = String(eventsOf(ours.body)[0]!['conversation_id']);
    });

    test('GET conversation', async () => {
      const wanted = JSON.parse(golden('GET conversation').body) as { messages: Record<string, unknown>[] };
      for (;;) {
        const ours = JSON.parse((await send(`/api/conversation/${conversation}`)).body) as typeof wanted;
        if (ours.messages.length < wanted.messages.length) continue;
        const shape = ({ messages }: typeof wanted) =>
          messages.map(({ id, role, content, sources, created_at: at }) => ({
            id: masked('id', id),
            role,
            content,
            sources: (sources as Record<string, unknown>[] | null)?.map(({ file, heading, similarity }) => ({
              file: masked('file', file),
              heading,
              similarity: typeof similarity,
            })),
            at: String(at).replaceAll(/\d/g, '9'),
          }));
        expect(shape(ours)).toEqual(shape(wanted));
        expect(Object.keys(ours.messages[0]!)).toEqual(Object.keys(wanted.messages[0]!));
        return;
      }
    });

    test('POST chat continue', async () => {
      vendors.gemini.controls['script']!({ pieces });
      const ours = await send('/api/chat', {
        body: { message, mode: 'general', conversation_id: conversation },
      });
      expect(plainStream(ours.body)).toBe(plainStream(golden('POST chat continue').body));
      expect(eventsOf(ours.body)[0]!['conversation_id']).toBe(conversation);
    });

    test('selection', async () => {
      vendors.gemini.controls['script']!({ pieces });
      const ours = await send('/api/chat', {
        body: { message, mode: 'selection', context: 'A marked text.' },
      });
      // A selection has no sources, so a marker would name none and is dropped.
      const wanted = golden('selection').body.replace('[Source 1]', '');
      expect(plainStream(ours.body)).toBe(plainStream(wanted));
    });
  });

  const preflight = (from: string): GoldenRequest => ({
    method: 'OPTIONS',
    headers: {
      origin: from,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
  const corsNames = ['origin', 'headers', 'credentials'].map((name) => `access-control-allow-${name}`);

  describe.skipIf(transcripts === null)('the same answer', () => {
    test.each<[title: string, path: string, request: GoldenRequest]>([
      ['GET unknown conv', `/api/conversation/${unknown}`, {}],
      ['404', '/nope', {}],
      ['GET /api/chat', '/api/chat', {}],
      ['root', '/', {}],
      ['preflight ok', '/api/chat', preflight(origin)],
      ['null conv', '/api/chat', { body: { message, mode: null, context: null, conversation_id: null } }],
      ['extra fields', '/api/chat', { body: { message, mode: 'general', temperature: 2 } }],
    ])('%s', async (title, path, request) => {
      const wanted = golden(title);
      const ours = await send(path, request);
      expect(ours.status).toBe(wanted.status ?? Number(wanted.body));
      if (wanted.body.startsWith('{'))
        expect(JSON.parse(ours.body)).toMatchObject(JSON.parse(wanted.body) as object);
      else if (wanted.status !== null) expect(ours.body).toBe(wanted.body.trim());
      for (const name of [...corsNames, 'access-control-max-age', 'allow'])
        expect(ours.headers.get(name)).toBe(wanted.headers[name] ?? null);
    });

    test('preflight bad origin', async () => {
      const wanted = golden('preflight bad origin');
      const ours = await send('/api/chat', preflight('https://evil.example'));
      expect([ours.status, ours.body]).toEqual([wanted.status, wanted.body.trim()]);
      expect(ours.headers.get('access-control-allow-origin')).toBeNull();
    });

    test('bad origin simple GET', async () => {
      const wanted = golden('bad origin simple GET');
      const ours = await send('/api/health', { headers: { origin: 'https://evil.example' } });
      expect([ours.status, ours.headers.get('access-control-allow-origin')]).toEqual([wanted.status, null]);
      expect(ours.headers.get('vary')).toContain('Origin');
      const { services } = JSON.parse(wanted.body) as { services: { gemini: object; qdrant: object } };
      expect(JSON.parse(ours.body)).toMatchObject({
        status: 'healthy',
        services: {
          fastapi: 'ok',
          qdrant: { status: 'connected', collection, vectors: 3 },
          postgres: { status: 'connected', connection: 'ok' },
          gemini: { status: 'ok', model: expect.any(String) },
        },
      });
      expect(Object.keys(services)).toEqual(['fastapi', 'qdrant', 'postgres', 'gemini']);
      expect(ours.body).not.toMatch(/postgresql:|127\.0\.0\.1|"url"/);
    });
  });

  describe.skipIf(transcripts === null)('a better answer', () => {
    test.each<[title: string, path: string, request: GoldenRequest, status: number, says: RegExp]>([
      [
        'selection w/o context',
        '/api/chat',
        { body: { message, mode: 'selection' } },
        400,
        /^Context required/,
      ],
      ['missing message', '/api/chat', { body: { note: 'x' } }, 422, /"message"/],
      ['empty message', '/api/chat', { body: { message: '' } }, 422, /empty/],
      ['too long', '/api/chat', { body: { message: 'a'.repeat(2001) } }, 422, /at most 2000/],
      ['invalid json', '/api/chat', { body: '{"message":' }, 422, /not valid JSON/],
      [
        'text/plain body',
        '/api/chat',
        { body: { message }, headers: { 'content-type': 'text/plain' } },
        422,
        /JSON object/,
      ],
      ['GET bad conv', '/api/conversation/abc', {}, 422, /UUID/],
    ])(
      '%s: a sentence instead of an array, a 500 or an exception',
      async (title, path, request, status, says) => {
        const wanted = golden(title);
        const ours = await send(path, request);
        expect(ours.status).toBe(status);
        if (wanted.status !== null && wanted.status !== 500) expect(status).toBe(wanted.status);
        const { detail, message: same } = JSON.parse(ours.body) as Record<string, unknown>;
        expect(detail).toMatch(says);
        expect(same).toBe(detail);
        expect(ours.headers.get('content-type')).toContain(
          wanted.headers['content-type'] ?? 'application/json',
        );
      },
    );

    test.each<[title: string, path: string, request: GoldenRequest]>([
      ['missing message', '/api/chat', { body: { question: message } }],
      ['bad mode', '/api/chat', { body: { message, mode: 'other' } }],
      ['bad uuid', '/api/chat', { body: { message, conversation_id: 'abc' } }],
      ['trailing slash', '/api/chat/', { body: { message } }],
      ['unknown conv id', '/api/chat', { body: { message, conversation_id: unknown } }],
    ])('%s: answered', async (title, path, request) => {
      expect(golden(title).body).not.toContain('"done"');
      const ours = await send(path, request);
      expect(ours.status).toBe(200);
      expect(ours.body).toContain('embodied intelligence');
    });

    test('HEAD health', async () => {
      expect(golden('HEAD health').status).toBe(405);
      expect(await send('/api/health', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    });

    test('LLM 429: the answer quotes the book', async () => {
      await restart();
      expect(golden('LLM 429').body).toContain('RESOURCE_EXHAUSTED');
      vendors.gemini.controls['quota']!({ per: 'Minute', left: 0, retryDelaySeconds: 0 });
      const ours = await send('/api/chat', { body: { message, mode: 'general' } });
      expect(eventsOf(ours.body).map(({ type }) => type)).toEqual(['metadata', 'token', 'done']);
      expect(ours.body).toContain('embodied intelligence');
      expect(ours.body).not.toMatch(/RESOURCE_EXHAUSTED|Error|quota/);
    });

    test('Embedding 404: the lexical search continues', async () => {
      await restart();
      expect(golden('Embedding 404').status).toBe(500);
      vendors.faults.add({ call: 'gemini.embedContent', kind: { type: 'status', status: 404 } });
      const ours = await send('/api/chat', { body: { message, mode: 'general' }, headers: { origin } });
      expect([ours.status, ours.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      expect(eventsOf(ours.body)[0]!['rungs']).toContain('lexical');
      expect(eventsOf(ours.body).at(-1)!['sources']).not.toEqual([]);
    });

    test('health and chat with Qdrant missing', async () => {
      await restart();
      const wanted = golden('health qdrant missing');
      expect(golden('chat qdrant missing').status).toBe(500);
      vendors.faults.add({ call: 'qdrant.*', kind: { type: 'status', status: 404 } });
      const answer = await send('/api/chat', { body: { message, mode: 'general' } });
      expect(answer.status).toBe(200);
      expect(eventsOf(answer.body).at(-1)!['sources']).not.toEqual([]);
      await untilHealth(server.url, 'degraded');
      const ours = await send('/api/health');
      expect(ours.status).toBe(wanted.status);
      const theirs = JSON.parse(wanted.body) as { services: { qdrant: object } };
      const body = JSON.parse(ours.body) as typeof theirs;
      expect(body).toMatchObject({ status: 'degraded', failed_services: ['qdrant'] });
      const keys = Object.keys(theirs.services.qdrant).filter((key) => key !== 'url');
      expect(Object.keys(body.services.qdrant)).toEqual(expect.arrayContaining(keys));
      expect(ours.body).not.toMatch(/Unexpected Response|Raw response|"url"/);
    });
  });

  test.skipIf(transcripts === null)('every transcript was replayed', () => {
    expect([...replayed].sort()).toEqual([...(transcripts?.keys() ?? [])].sort());
  });
}
