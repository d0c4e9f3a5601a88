import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awaitHealth } from '../../../wizard/steps/await-health.ts';
import type { RunContext } from '../../../wizard/deployment/context.ts';
import { hubOf } from '../../../wizard/hosting/space/space-access.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { startServer, type Script } from './server-stand-in.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  world = await startSandboxServices();
});
afterEach(() => server.close());
afterAll(() => world.close());

const changed = new Map([['await-build', 'changed']] as const);

async function healthOf(health: Script['health']) {
  server = await startServer({ health });
  return take(world.context({ settings: { apiUrl: server.url }, speed: 100 }), awaitHealth, changed);
}

describe('waiting for health', () => {
  it('waits for a server to start, and shows its status', async () => {
    const states = ['starting', 'degraded', 'healthy'];
    const { events, result } = await healthOf(() => ({
      status: states.length > 1 ? states.shift() : states[0],
    }));
    expect(result?.outcome).toBe('changed');
    expect(events.map((event) => event.type === 'step-progress' && event.note)).toEqual(['degraded']);
  });

  it('names the service that fails, its redacted error, and what to do', async () => {
    const qdrant = {
      status: 'disconnected',
      error: 'no route for postgresql://ana:long-password-of-ana@127.0.0.1:5432/book',
      recommended_action: 'Wake the cluster.',
    };
    const { error } = await healthOf(() => ({
      status: 'degraded',
      failed_services: ['qdrant'],
      services: { fastapi: 'ok', qdrant },
    }));
    expect(error).toMatchObject({
      code: 'service-unhealthy',
      message: expect.stringMatching(/^The server runs but is degraded: qdrant: no route for .*\[secret\]/),
      remedy: expect.stringContaining('Wake the cluster.'),
    });
    expect((error as Error).message).not.toContain('long-password');
  });

  it('accepts a server without a book only where --no-index asked for it', async () => {
    const qdrant = {
      status: 'disconnected',
      code: 'qdrant-collection-missing',
      collection: 'my-book',
      error: 'The collection does not exist.',
    };
    const health = () => ({
      status: 'degraded',
      failed_services: ['qdrant'],
      services: { fastapi: 'ok', qdrant },
    });
    const failed = await healthOf(health);
    expect(failed.error).toMatchObject({
      code: 'service-unhealthy',
      message: 'The server runs but is degraded: qdrant: The collection does not exist.',
    });
    await server.close();
    server = await startServer({ health });
    const context = world.context({ settings: { apiUrl: server.url, noIndex: true }, speed: 100 });
    const { events, result } = await take(context, awaitHealth, changed);
    expect(events).toMatchObject([{ code: 'book-not-indexed', message: expect.stringContaining('my-book') }]);
    expect(result?.outcome).toBe('changed');
  });

  it('gives up when no server of ours answers', async () => {
    server = await startServer({ health: () => ({ status: 'no word of ours' }) });
    const context = world.context({ settings: { apiUrl: server.url }, speed: 2_000 });
    const { error } = await take(context, awaitHealth, changed);
    expect(error).toMatchObject({ code: 'space-silent' });
  });

  it('reports soon that another host cannot be reached', async () => {
    server = await startServer({});
    await server.close();
    const context = world.context({ settings: { apiUrl: server.url }, speed: 2_000 });
    const { error } = await take(context, awaitHealth, changed);
    expect(error).toMatchObject({
      kind: 'unreachable',
      code: 'server-unreachable',
      message: expect.stringMatching(/127\.0\.0\.1:\d+ could not be reached: the connection was refused/),
    });
  });

  it('counts only from the container that runs with what was just written', async () => {
    server = await startServer({});
    const context = world.context({ space: 'ana/of-two-versions', speed: 100 });
    await take(context, createSpace);
    const variables = await hubOf(context).variables('ana/of-two-versions');
    const ours = variables['DEPLOYMENT_ID']?.value ?? '';
    const answers = (ids: string[]): RunContext => ({
      ...context,
      http: {
        ...context.http,
        request: async (request) => {
          if (!String(request.url).endsWith('/api/health')) return context.http.request(request);
          const id = ids.length > 1 ? ids.shift() : ids[0];
          return request.schema.parse({ status: 'healthy', deployment_id: id, timestamp: 'now' });
        },
      },
    });
    expect((await awaitHealth.inspect(answers(['old']), new Map())).change.kind).toBe('changes');
    expect((await awaitHealth.inspect(answers([ours]), new Map())).run).toBeNull();
    const { events, result } = await take(answers(['old', 'old', ours]), awaitHealth, changed);
    expect(events).toMatchObject([{ note: 'the old version still answers' }]);
    expect(result?.outcome).toBe('changed');
  });
});
