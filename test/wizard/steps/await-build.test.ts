import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitBuild } from '../../../wizard/steps/await-build.ts';
import type { RunContext } from '../../../wizard/deployment/context.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { uploadServer } from '../../../wizard/steps/upload-server.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

const uploaded = new Map([['upload-server', 'changed']] as const);

async function uploadedSpace(): Promise<RunContext> {
  const context = world.context();
  await take(context, createSpace);
  await take(context, uploadServer);
  return context;
}

describe('waiting for the build', () => {
  it('follows it until that very commit runs, and shows its log', async () => {
    world.behaviour.buildMs = 400;
    const { events, result } = await take(await uploadedSpace(), awaitBuild, uploaded);
    expect(result?.outcome).toBe('changed');
    const notes = events.flatMap((event) => (event.type === 'step-progress' ? [event.note] : []));
    expect(notes[0]).toBe('building');
    expect(notes.at(-1)).toBe('running');
    expect(events.filter((event) => event.type === 'log').length).toBeGreaterThan(2);
  });

  it('ends with the line that broke it, and a plain re-run builds from scratch', async () => {
    world.behaviour.build = 'error';
    const context = await uploadedSpace();
    const { error } = await take(context, awaitBuild, uploaded);
    expect(error).toMatchObject({
      code: 'space-build-failed',
      message: expect.stringMatching(/BUILD_ERROR/),
    });
    world.behaviour.build = 'ok';
    const again = await take(context, awaitBuild);
    expect(again.result?.outcome).toBe('changed');
  });

  it('ends with what a crashed server printed', async () => {
    world.behaviour.start = 'crash';
    const { error } = await take(await uploadedSpace(), awaitBuild, uploaded);
    expect(error).toMatchObject({
      code: 'space-crashed',
      message: expect.stringMatching(/RUNTIME_ERROR\): Exit code/),
    });
  });

  it('tells a Hub without room from a server that crashed', async () => {
    const context = await uploadedSpace();
    const stage = { stage: 'RUNTIME_ERROR', errorMessage: 'Scheduling failure: unable to schedule' };
    world.faults.add({
      call: 'hub.runtime',
      kind: { type: 'status', status: 200, body: JSON.stringify(stage) },
    });
    const { error } = await take(context, awaitBuild, uploaded);
    expect(error).toMatchObject({ code: 'no-capacity' });
  });

  it('redacts secrets that a crashed server printed', async () => {
    const context = await uploadedSpace();
    const stage = {
      stage: 'RUNTIME_ERROR',
      errorMessage: 'no host in postgresql://ana:long-password-of-ana@127.0.0.1:5432/book',
    };
    world.faults.add({
      call: 'hub.runtime',
      kind: { type: 'status', status: 200, body: JSON.stringify(stage) },
    });
    const { error } = await take(context, awaitBuild, uploaded);
    expect((error as Error).message).toContain('no host in [secret]');
  });

  it('gives up on a build without output', async () => {
    world.behaviour.build = 'stuck';
    await uploadedSpace();
    const { error } = await take(world.context({ speed: 2_000 }), awaitBuild, uploaded);
    expect(error).toMatchObject({ code: 'space-stuck' });
  });

  it('continues through a stage that it does not know', async () => {
    const context = await uploadedSpace();
    const body = JSON.stringify({ stage: 'RUNNING_HOT_SWAP' });
    world.faults.add({ call: 'hub.runtime', kind: { type: 'status', status: 200, body }, times: 2 });
    const { events, result } = await take(context, awaitBuild, uploaded);
    expect(result?.outcome).toBe('changed');
    expect(events).toContainEqual(expect.objectContaining({ note: 'running hot swap' }));
  });

  it('tolerates a Hub that is unreachable for a while, and no longer', async () => {
    const context = await uploadedSpace();
    const away = { call: 'hub.runtime', kind: { type: 'status', status: 502 } } as const;
    world.faults.add({ ...away, times: 12 });
    expect((await take(context, awaitBuild, uploaded)).error).toBeNull();
    world.faults.add(away);
    const { error } = await take(world.context({ speed: 1_000 }), awaitBuild, uploaded);
    expect(error).toMatchObject({ kind: 'unreachable', code: 'server-error' });
  });

  it('stops at once when the run is cancelled', async () => {
    world.behaviour.build = 'stuck';
    await uploadedSpace();
    const cancel = new AbortController();
    const waiting = take({ ...world.context(), signal: cancel.signal }, awaitBuild, uploaded);
    cancel.abort(new Error('cancelled'));
    await expect(waiting.then(({ error }) => Promise.reject(error))).rejects.toThrow('cancelled');
  });
});
