import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { uploadServer } from '../../../wizard/steps/upload-server.ts';
import { memoryJournal, startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
beforeAll(async () => {
  world = await startSandboxServices();
});
afterAll(() => world.close());

const plan = (changes: Parameters<SandboxServices['context']>[0]) =>
  createSpace.inspect(world.context(changes), new Map());

describe('an existing Space', () => {
  it('is refused when it is not a Docker Space', async () => {
    await expect(plan({ space: 'ana/static-site' })).rejects.toMatchObject({ code: 'space-not-docker' });
  });

  it('is refused when something else made it and the user did not name it', async () => {
    await expect(plan({ space: 'ana/book-api' })).rejects.toMatchObject({ code: 'space-taken' });
  });

  it('is taken over when the user named it, and the plan names what is overwritten', async () => {
    const journal = memoryJournal();
    const context = world.context({ space: 'ana/book-api', settings: { adopt: true }, journal });
    const { plan: seen, result } = await take(context, createSpace);
    expect(seen.change.what).toBe(
      'takes over ana/book-api: overwrites Dockerfile, README.md; its other files stay',
    );
    expect(result?.outcome).toBe('unchanged');
    expect(journal.entries[0]?.previous).toMatch(/^[0-9a-f]{40}$/);
    await take(context, uploadServer);
    const files = world.hub.repositories.get('ana/book-api')?.commits.at(-1)?.files;
    expect([...(files?.keys() ?? [])].sort()).toEqual(
      expect.arrayContaining(['app/main.py', 'docs/notes.md', 'server.js']),
    );
    const again = await createSpace.inspect(world.context({ space: 'ana/book-api' }), new Map());
    expect(again.change.kind).toBe('unchanged');
  });

  it('is refused when it belongs to another account', async () => {
    await expect(plan({ space: 'carla/book' })).rejects.toMatchObject({ code: 'space-owner-unknown' });
  });

  it('is refused when it is private', async () => {
    const made = world.context({ space: 'ana/hidden' });
    await take(made, createSpace);
    const body = { method: 'PUT', body: JSON.stringify({ visibility: 'private' }) };
    const headers = { authorization: `Bearer ${world.hub.tokens.pro}`, 'content-type': 'application/json' };
    await fetch(`${world.hub.url}/api/spaces/ana/hidden/settings`, { ...body, headers });
    await expect(plan({ space: 'ana/hidden' })).rejects.toMatchObject({ code: 'space-private' });
  });
});

describe('creating a Space', () => {
  it.each([
    ["You don't have the rights to create a space under the namespace ana", 'space-owner-unknown'],
    ['Please verify your email address first', 'account-unfinished'],
  ])('quotes why the Hub refuses: %s', async (error, code) => {
    const body = JSON.stringify({ error });
    world.faults.add({ call: 'hub.create', kind: { type: 'status', status: 403, body }, times: 1 });
    const { error: failure } = await take(world.context({ space: 'ana/refused' }), createSpace);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(error) });
  });

  it('tells a free account what it can do', async () => {
    world.faults.add({
      call: 'hub.create',
      kind: { type: 'status', status: 402, body: '{"error":"requires a PRO subscription"}' },
      times: 1,
    });
    const { error } = await take(world.context({ space: 'ana/paid' }), createSpace);
    expect(error).toMatchObject({ code: 'free-plan', kind: 'rejected' });
  });

  it('waits when the Hub is busy with another operation', async () => {
    world.faults.add({
      call: 'hub.create',
      kind: {
        type: 'status',
        status: 409,
        body: '{"error":"Cannot create repo: another conflicting operation is in progress"}',
      },
      times: 1,
    });
    const { result } = await take(world.context({ space: 'ana/busy' }), createSpace);
    expect(result?.outcome).toBe('changed');
  });

  it('creates one Space, not two, when a run ended before its first file', async () => {
    const changes = { space: 'ana/died' };
    await take(world.context(changes), createSpace);
    const seen = await createSpace.inspect(world.context(changes), new Map());
    expect(seen.change.kind).toBe('unchanged');
  });
});
