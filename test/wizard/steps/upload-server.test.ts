import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { uploadServer } from '../../../wizard/steps/upload-server.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
beforeEach(async () => {
  world = await startSandboxServices();
  await take(world.context(), createSpace);
});
afterEach(() => world.close());

const commits = (): number => world.hub.repositories.get('ana/book-chat')?.commits.length ?? 0;

describe('uploading the server', () => {
  it('commits once, and only what differs the next time', async () => {
    const before = commits();
    expect((await take(world.context(), uploadServer)).result?.reason).toMatch(
      /^8 files in commit [0-9a-f]{7}$/,
    );
    expect((await take(world.context(), uploadServer)).plan.run).toBeNull();
    const newer = world.context({ settings: { version: '0.2.0' } });
    const { plan } = await take(newer, uploadServer);
    expect(plan.change.what).toBe('changes: README.md; 7 unchanged');
    expect(commits()).toBe(before + 2);
  });

  it('reads the Hub’s list of files to its end, whatever a page holds', async () => {
    await take(world.context(), uploadServer);
    world.hub.setPageSize(2);
    expect((await take(world.context(), uploadServer)).plan.run).toBeNull();
  });

  it('tries again when the Hub has an error of its own', async () => {
    world.faults.add({ call: 'hub.preupload', kind: { type: 'cut' }, times: 1 });
    world.faults.add({ call: 'hub.commit', kind: { type: 'status', status: 503 }, times: 1 });
    const { result, error } = await take(world.context(), uploadServer);
    expect(error).toBeNull();
    expect(result?.outcome).toBe('changed');
  });

  it('does not commit over another commit', async () => {
    const body = '{"error":"A commit has happened since. Please refresh and try again."}';
    world.faults.add({ call: 'hub.commit', kind: { type: 'status', status: 412, body }, times: 1 });
    const { error } = await take(world.context(), uploadServer);
    expect(error).toMatchObject({ code: 'space-changed' });
  });

  it('fails when the Hub sends a page instead of JSON', async () => {
    world.faults.add({ call: 'hub.preupload', kind: { type: 'rubbish' } });
    const { error } = await take(world.context(), uploadServer);
    expect(error).toMatchObject({ code: 'not-json', kind: 'unreachable' });
  });
});
