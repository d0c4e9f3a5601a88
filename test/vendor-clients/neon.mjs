import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `@neondatabase/api-client` and `neonctl`: projects, their branch, its role and a new password, connection strings. */
export function neonChecks({ createApiClient }, { env, apiKey, prefix }) {
  const api = createApiClient({ apiKey, baseURL: env.NEON_API_URL });
  const wrong = createApiClient({ apiKey: 'napi_wrong', baseURL: env.NEON_API_URL });
  const config = mkdtempSync(join(tmpdir(), 'neonctl-'));
  const neonctl = async (...args) => {
    const options = ['--api-host', env.NEON_API_URL, '--api-key', apiKey, '--config-dir', config];
    const cli = join(prefix, 'node_modules', 'neonctl', 'bin', 'cli.js');
    const { stdout } = await run(
      process.execPath,
      [cli, ...args, ...options, '--no-analytics', '--output', 'json'],
      { cwd: config, env: { PATH: process.env.PATH, HOME: config, CI: 'true' }, timeout: 60_000 },
    );
    return stdout;
  };
  const organisation = async () => {
    const { data } = await api.getCurrentUserOrganizations();
    return data.organizations[0].id;
  };
  const create = async (name) => {
    const project = { name, region_id: 'aws-us-east-1', pg_version: 17, org_id: await organisation() };
    return (await api.createProject({ project })).data.project;
  };
  return [
    [
      'neon: the client makes, lists, reads and deletes a project',
      async () => {
        const project = await create('of-the-client');
        const { data } = await api.listProjects({ org_id: await organisation(), limit: 100 });
        assert.ok(data.projects.some(({ id, name }) => id === project.id && name === 'of-the-client'));
        assert.equal((await api.getProject(project.id)).data.project.region_id, 'aws-us-east-1');
        await api.deleteProject(project.id);
        await assert.rejects(api.getProject(project.id), ({ response }) => response.status === 404);
      },
    ],
    [
      'neon: the client resets a password and waits for it',
      async () => {
        const project = await create('of-the-reset');
        const projectId = project.id;
        const uri = async () =>
          (
            await api.getConnectionUri({
              projectId,
              database_name: 'neondb',
              role_name: 'neondb_owner',
              pooled: true,
            })
          ).data.uri;
        const before = await uri();
        const { branches } = (await api.listProjectBranches({ projectId })).data;
        const branch = branches.find((candidate) => candidate.default).id;
        const { role, operations } = (
          await api.resetProjectBranchRolePassword(projectId, branch, 'neondb_owner')
        ).data;
        for (let status = ''; status !== 'finished'; await sleep(20))
          status = (await api.getProjectOperation(projectId, operations[0].id)).data.operation.status;
        assert.notEqual(await uri(), before);
        assert.equal(decodeURIComponent(new URL(await uri()).password), role.password);
        const { roles } = (await api.listProjectBranchRoles(projectId, branch)).data;
        assert.equal(roles[0].name, 'neondb_owner');
        await api.deleteProject(projectId);
      },
    ],
    [
      'neon: the client has errors by status, with a code and a message',
      async () => {
        await assert.rejects(wrong.getCurrentUserOrganizations(), ({ response }) => response.status === 401);
        const project = { name: 'nowhere', region_id: 'aws-nowhere', org_id: await organisation() };
        await assert.rejects(api.createProject({ project }), ({ response: { status, data } }) => {
          assert.match(data.message, /region/);
          return status === 400 && typeof data.request_id === 'string';
        });
      },
    ],
    [
      'neon: the command line lists projects and shows a connection string',
      async () => {
        const project = await create('of-the-command-line');
        const listed = await neonctl('projects', 'list', '--org-id', await organisation());
        assert.match(listed, /of-the-command-line/);
        const uri = await neonctl('connection-string', '--project-id', project.id);
        assert.match(uri, /^postgresql:\/\/neondb_owner:/);
        await neonctl('projects', 'delete', project.id);
        const { data } = await api.listProjects({ org_id: await organisation() });
        assert.ok(data.projects.every(({ id }) => id !== project.id));
      },
    ],
  ];
}
