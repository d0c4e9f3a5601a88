import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const idOrName = 'sample-book';

/** `@vercel/sdk`: accounts, projects, variables, deployments with their files and events, and their deletion. */
export function vercelChecks({ Vercel }, { env, setControls }) {
  const clientFor = (bearerToken) => new Vercel({ bearerToken, serverURL: env.VERCEL_API_URL });
  const vercel = clientFor(env.VERCEL_TOKEN);
  const variable = (value) => ({
    key: 'REACT_APP_API_BASE_URL',
    value,
    type: 'plain',
    target: ['production'],
  });
  const list = () => vercel.deployments.getDeployments({ projectId: idOrName, target: 'production' });
  const waitUntilReady = async (id) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const deployment = await vercel.deployments.getDeployment({ idOrUrl: id });
      if (deployment.readyState === 'READY' && deployment.aliasAssigned) return deployment;
      assert.notEqual(deployment.readyState, 'ERROR');
      await sleep(50);
    }
    throw new Error('the deployment got no alias');
  };
  const isError = (status, pattern) => (error) => {
    assert.equal(error.statusCode ?? error.httpMeta?.response?.status, status, String(error));
    assert.match(`${error.message} ${error.body ?? ''}`, pattern);
    return true;
  };
  return [
    [
      'sdk reads the user, the teams and the token',
      async () => {
        const { user } = await vercel.user.getAuthUser();
        assert.equal(user.username, 'ana');
        const { teams } = await vercel.teams.getTeams({});
        assert.deepEqual(
          teams.map(({ slug }) => slug),
          ['textbook-lab'],
        );
        const { token } = await vercel.authentication.getAuthToken({ tokenId: 'current' });
        assert.ok(token.scopes.length > 0);
      },
    ],
    [
      'sdk finds projects and their domains',
      async () => {
        const { projects } = await vercel.projects.getProjects({ search: 'sample' });
        assert.equal(projects[0].name, idOrName);
        const { domains } = await vercel.projects.getProjectDomains({ idOrName, production: 'true' });
        assert.equal(domains[0].verified, true);
      },
    ],
    [
      'sdk creates, upserts, lists, edits and removes a variable',
      async () => {
        const create = (value, upsert) =>
          vercel.projects.createProjectEnv({ idOrName, upsert, requestBody: variable(value) });
        const { created, failed } = await create('http://127.0.0.1:1', 'true');
        assert.equal(failed.length, 0);
        await assert.rejects(create('http://127.0.0.1:2'), isError(403, /ENV_ALREADY_EXISTS/));
        await create('http://127.0.0.1:2', 'true');
        const { envs } = await vercel.projects.filterProjectEnvs({ idOrName });
        assert.deepEqual(
          envs.map(({ key, value }) => [key, value]),
          [['REACT_APP_API_BASE_URL', 'http://127.0.0.1:2']],
        );
        const variableId = { idOrName, id: created.id };
        await vercel.projects.editProjectEnv({ ...variableId, requestBody: { value: 'http://127.0.0.1:3' } });
        assert.equal((await vercel.projects.getProjectEnv(variableId)).value, 'http://127.0.0.1:3');
        await vercel.projects.removeProjectEnv({ ...variableId, requestBody: {} });
        assert.equal((await vercel.projects.filterProjectEnvs({ idOrName })).envs.length, 0);
      },
    ],
    [
      'sdk redeploys and follows it to READY with its alias, with the events of the build',
      async () => {
        const [{ uid }] = (await list()).deployments;
        const requestBody = {
          deploymentId: uid,
          name: idOrName,
          target: 'production',
          meta: { action: 'redeploy' },
        };
        const started = await vercel.deployments.createDeployment({ forceNew: '1', requestBody });
        await waitUntilReady(started.id);
        const events = await vercel.deployments.getDeploymentEvents({ idOrUrl: started.id, builds: 1 });
        assert.match(JSON.stringify(events), /npm run build/);
      },
    ],
    [
      'sdk deploys files, lists and downloads them, and deletes the deployment and its project',
      async () => {
        const text = '<!doctype html><title>Other</title>';
        const requestBody = {
          name: 'other',
          target: 'production',
          files: ['index.html', 'a/page.html'].map((file) => ({ file, data: text, encoding: 'utf-8' })),
        };
        const { id } = await vercel.deployments.createDeployment({ requestBody });
        await waitUntilReady(id);
        const tree = await vercel.deployments.listDeploymentFiles({ id });
        const folder = tree.find(({ type }) => type === 'directory');
        assert.equal(folder.name, 'a');
        const file = folder.children[0];
        assert.deepEqual([file.name, file.type], ['page.html', 'file']);
        // The client drops this call's answer: its document has no schema for it.
        await vercel.deployments.getDeploymentFileContents({ id, fileId: file.uid });
        assert.equal((await vercel.deployments.deleteDeployment({ id })).state, 'DELETED');
        await assert.rejects(vercel.deployments.getDeployment({ idOrUrl: id }), isError(404, /not_found/));
        await vercel.projects.deleteProject({ idOrName: 'other' });
        const { projects } = await vercel.projects.getProjects({ search: 'other' });
        assert.equal(projects.length, 0);
      },
    ],
    [
      'sdk cancels a build, and reports a failed one',
      async () => {
        const [{ uid }] = (await list()).deployments;
        const requestBody = { deploymentId: uid, name: idOrName, target: 'production' };
        await setControls({ vercel: { outcomes: ['stuck', 'ERROR'] } });
        const stuck = await vercel.deployments.createDeployment({ requestBody });
        assert.equal((await vercel.deployments.cancelDeployment({ id: stuck.id })).readyState, 'CANCELED');
        const { id } = await vercel.deployments.createDeployment({ requestBody });
        for (let tries = 0; tries < 100; tries += 1) {
          const { readyState, errorCode } = await vercel.deployments.getDeployment({ idOrUrl: id });
          if (readyState === 'ERROR') return assert.equal(errorCode, 'BUILD_FAILED');
          await sleep(50);
        }
        throw new Error('the build did not fail');
      },
    ],
    [
      'sdk reports a rejected token (403, not 401) and a missing project (404)',
      async () => {
        await assert.rejects(clientFor('unknown').user.getAuthUser(), isError(403, /invalidToken/));
        await assert.rejects(vercel.projects.getProject({ idOrName: 'missing' }), isError(404, /not_found/));
      },
    ],
  ];
}
