/** The sandbox's Hub, Vercel, Gemini and Qdrant in this process, and a run's context that uses them. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini } from '../../../sandbox/gemini/gemini.ts';
import { startHub, type HubServer } from '../../../sandbox/hub/hub.ts';
import { startQdrant } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { defaultSpaceBehaviour, type SpaceBehaviour } from '../../../sandbox/space/space-behaviour.ts';
import { startVercel, type VercelStandIn } from '../../../sandbox/vercel/vercel.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import type { RunEvent } from '../../../wizard/model/run/event.ts';
import type { Journal, JournalEntry } from '../../../wizard/model/run/journal.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { RemoteState } from '../../../wizard/deployment/remote-state.ts';
import type { RunContext } from '../../../wizard/deployment/context.ts';
import type { RunSettings } from '../../../wizard/deployment/run-settings.ts';
import type { PreviousOutcomes, Step } from '../../../wizard/steps/step.ts';

export type SandboxServices = {
  hub: HubServer;
  vercel: VercelStandIn;
  faults: Faults;
  record: ExchangeRecord;
  behaviour: SpaceBehaviour;
  payloadDir: string;
  context(changes?: ContextChanges): RunContext;
  close(): Promise<void>;
};

export type ContextChanges = {
  space?: string;
  token?: string;
  geminiKey?: string;
  project?: 'sample-book' | 'plain-book';
  settings?: Partial<RunSettings>;
  journal?: Journal;
  /** How many times faster than real time the steps' clock runs. */
  speed?: number;
};

/** The smallest server that a deployment takes for ours; a Space starts it. */
const server = `
const { createServer } = require('node:http');
const { DEPLOYMENT_ID, ALLOWED_ORIGINS } = process.env;
console.log('listening');
createServer((request, response) => {
  const { origin } = request.headers;
  if (ALLOWED_ORIGINS.split(',').includes(origin)) response.setHeader('access-control-allow-origin', origin);
  if (request.url === '/api/health') {
    response.setHeader('content-type', 'application/json');
    const services = { fastapi: 'ok' };
    return response.end(JSON.stringify({ status: 'healthy', services, deployment_id: DEPLOYMENT_ID, timestamp: 'now' }));
  }
  response.setHeader('content-type', 'text/event-stream');
  const send = (event) => response.write('data: ' + JSON.stringify(event) + '\\n\\n');
  send({ type: 'token', content: 'It says so [Source 1].' });
  send({ type: 'done', sources: [{ file: 'docs/planning/mast.md', heading: 'Mast', url: '/docs/planning/mast' }] });
  response.end();
}).listen(process.env.PORT, process.env.HOST);
`;

const payload: Record<string, string> = {
  Dockerfile:
    'FROM node:24-slim\nWORKDIR /app\nCOPY --chown=1000:1000 . .\nUSER 1000\nEXPOSE 7860\nCMD ["node", "server.js"]\n',
  LICENSE: 'MIT\n',
  'THIRD-PARTY-LICENCES.txt': 'MIT\n',
  'README.md':
    '---\ntitle: {{title}}\nsdk: docker\napp_port: 7860\ntags: [rag-space-setup]\n---\n\n{{frontend}} {{version}}\n',
  'server.js': server,
  'server.js.map': '{}',
  'mcp.js': '',
};

/** `rateLimitWindowMs` is how long the Hub counts a token's calls. */
export async function startSandboxServices(
  options: { rateLimitWindowMs?: number } = {},
): Promise<SandboxServices> {
  const folder = mkdtempSync(join(tmpdir(), 'steps-'));
  // When the test runs as root, a Space runs as another user, who must be able to read it.
  chmodSync(folder, 0o755);
  const payloadDir = mkdtempSync(join(tmpdir(), 'payload-'));
  for (const [path, text] of Object.entries(payload)) writeFileSync(join(payloadDir, path), text);
  const faults = new Faults();
  const record = new ExchangeRecord();
  const behaviour = defaultSpaceBehaviour();
  const shared = { faults, record };
  const [hub, vercel, gemini, qdrant] = await Promise.all([
    startHub({ ...shared, ...options, folder, behaviour }),
    startVercel(shared),
    startGemini(shared),
    startQdrant(shared),
  ]);
  const projects = await projectsAt(vercel);
  const context = (changes: ContextChanges = {}): RunContext =>
    contextOf({ ...changes, projects, hub, vercel, gemini, qdrant, payloadDir });
  return {
    hub,
    vercel,
    faults,
    record,
    behaviour,
    payloadDir,
    context,
    close: async () => {
      await Promise.all([hub.close(), vercel.close(), gemini.close(), qdrant.close()]);
      for (const dir of [folder, payloadDir]) rmSync(dir, { recursive: true, force: true });
    },
  };
}

type Projects = Record<'sample-book' | 'plain-book', { id: string; teamId: string | null }>;

type Parts = ContextChanges & {
  projects: Projects;
  hub: HubServer;
  vercel: VercelStandIn;
  gemini: { url: string; apiKey: string };
  qdrant: { url: string; apiKey: string };
  payloadDir: string;
};

function contextOf(parts: Parts): RunContext {
  const { hub, vercel, gemini, qdrant, settings, project = 'sample-book', speed = 20 } = parts;
  const pause = (ms: number, { signal }: { signal: AbortSignal }) => sleep(ms / speed, undefined, { signal });
  const owners = ['ana', 'textbook-lab'].map((name) => ({ name, canCreateDockerSpaces: true, plan: null }));
  const { id: projectId, teamId } = parts.projects[project];
  return {
    credentials: {
      huggingface: {
        token: new Secret(parts.token ?? hub.tokens.pro),
        endpoint: hub.url,
        account: { name: 'ana', isPro: true, owners, role: 'write' },
      },
      vercel: {
        token: new Secret(vercel.token),
        apiUrl: vercel.url,
        scope: { user: 'ana', teams: [], defaultTeam: null, projects: [] },
      },
      gemini: {
        key: new Secret(parts.geminiKey ?? gemini.apiKey),
        baseUrl: gemini.url,
        answerModel: 'gemini-flash-latest',
        embeddingModel: 'gemini-embedding-2',
        dimensions: 768,
      },
      qdrant: {
        url: new Secret(qdrant.url),
        key: new Secret(qdrant.apiKey),
        version: '1.16.0',
        access: 'manage',
      },
      postgres: {
        url: new Secret('postgresql://ana:long-password-of-ana@127.0.0.1:5432/book'),
        version: '17',
      },
    },
    target: {
      space: parts.space ?? 'ana/book-chat',
      project,
      team: null,
      environment: 'production',
      projectId,
      teamId,
    },
    settings: {
      collection: 'docusaurus-book',
      logLevel: 'info',
      origins: [],
      docsDir: fileURLToPath(new URL('../../../sandbox/book', import.meta.url)),
      skipIndex: false,
      frontend: 'set',
      apiUrl: null,
      payloadDir: parts.payloadDir,
      frontendVariable: 'REACT_APP_API_BASE_URL',
      version: '0.1.0',
      adopt: false,
      ...settings,
    },
    http: createHttp({ fetch, sleep: pause }),
    fetch,
    now: () => performance.now() * speed,
    // Polls are a second apart at vendors; the sandbox is faster.
    sleep: pause,
    signal: new AbortController().signal,
    journal: parts.journal ?? memoryJournal(),
    state: new RemoteState(),
  };
}

async function projectsAt({ url, token }: VercelStandIn): Promise<Projects> {
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
  const { teams } = (await get('/v2/teams')) as { teams: { id: string }[] };
  const teamId = teams[0]?.id ?? '';
  const sample = (await get('/v9/projects/sample-book')) as { id: string };
  const plain = (await get(`/v9/projects/plain-book?teamId=${teamId}`)) as { id: string };
  return { 'sample-book': { id: sample.id, teamId: null }, 'plain-book': { id: plain.id, teamId } };
}

export function memoryJournal(): Journal & { entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  return { entries, add: async (entry) => void entries.push({ ...entry, at: '2026-11-23T00:00:00.000Z' }) };
}

/** Runs a generator to its end, and returns its events and its result. */
export async function drain<T>(
  events: AsyncGenerator<RunEvent, T>,
): Promise<{ events: RunEvent[]; result: T | null; error: unknown }> {
  const seen: RunEvent[] = [];
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return { events: seen, result: next.value, error: null };
      seen.push(next.value);
    }
  } catch (error) {
    return { events: seen, result: null, error };
  }
}

/** One step as a run takes it: inspected, then run when there is something to do. */
export async function take(context: RunContext, step: Step, previous: PreviousOutcomes = new Map()) {
  const plan = await step.inspect(context, previous);
  if (plan.run === null) return { plan, events: [], result: null, error: null };
  return { plan, ...(await drain(plan.run())) };
}

/** `step: outcome` of every step that ended. */
export function outcomes(events: readonly RunEvent[]): Record<string, string> {
  return Object.fromEntries(
    events.flatMap((event) => (event.type === 'step-done' ? [[event.step, event.outcome]] : [])),
  );
}
