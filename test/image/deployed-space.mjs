/** A real deployment on the stand-ins, and the files that it uploaded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deployInSandbox, startSandboxProcess } from '../deploy-in-sandbox.mjs';

const secrets = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'];

/**
 * Starts the sandbox, runs the wizard against it and downloads what the Hub then holds. `folder` has the Space's
 * files, `env` its secrets and variables. Throws when the deployment does not end healthy.
 */
export async function deploySpace(root) {
  const work = mkdtempSync(join(tmpdir(), 'image-lane-'));
  const sandbox = await startSandboxProcess(root);
  const { env } = sandbox;
  const close = async () => {
    await sandbox.close();
    rmSync(work, { recursive: true, force: true });
  };
  try {
    const last = await deployInSandbox({ root, env, state: work });
    if (last?.ok !== true) throw new Error(`the deployment failed: ${JSON.stringify(last)}`);
    const space = last.deployment.space;
    const folder = join(work, 'space');
    const files = await download({ env, space, folder });
    const variables = await (await askHub(env, `/api/spaces/${space}/variables`)).json();
    const settings = Object.entries(variables).map(([name, { value }]) => [name, value]);
    const own = secrets.map((name) => [name, env[name]]);
    return {
      folder,
      files,
      // The Hub names the Space to its container.
      env: { ...Object.fromEntries([...own, ...settings]), SPACE_ID: space },
      admin: env.SANDBOX_ADMIN_URL,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every file of the Space's main branch except git's own. */
async function download({ env, space, folder }) {
  const tree = await (await askHub(env, `/api/spaces/${space}/tree/main?recursive=true`)).json();
  const paths = tree.filter(({ type }) => type === 'file').map(({ path }) => path);
  for (const path of paths) {
    const response = await askHub(env, `/spaces/${space}/resolve/main/${path}`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(await response.arrayBuffer()));
  }
  return paths;
}

async function askHub(env, path) {
  const response = await fetch(`${env.HF_ENDPOINT}${path}`, {
    headers: { authorization: `Bearer ${env.HF_TOKEN}` },
  });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
  return response;
}
