import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { RouteCall, RouteReply } from '../../exchange/serve-routes.ts';
import type { ProjectFiles } from '../../frontend/site-source.ts';
import type { Reaper } from '../../reaper.ts';
import { forwardToInstance } from './forward.ts';
import { startInstance, type FunctionInstance } from './function-instance.ts';

/** How requests are spread over a function's processes, and what becomes of one that has answered. */
export type FunctionPolicy = { instances: number; afterAnswer: 'freeze' | 'terminate' | 'kill' };

/** The function of one deployment. */
export type FunctionHost = {
  call(call: RouteCall): Promise<RouteReply>;
  /** Its processes that are alive. */
  instances(): readonly FunctionInstance[];
  /** What it printed, oldest first. */
  log(): readonly { at: number; text: string }[];
  close(): Promise<void>;
};

const output = '.vercel/output/';
const functionConfig = z.looseObject({
  runtime: z.string().regex(/^nodejs(?:20|22|24)\.x$/),
  handler: z.string(),
  launcherType: z.literal('Nodejs'),
  maxDuration: z.number().int().min(1).max(300).optional(),
  environment: z.record(z.string(), z.string()).optional(),
});
const outputConfig = z.looseObject({ version: z.literal(3) });

export type BuiltFunction = { files: ProjectFiles; handler: string; environment: Record<string, string> };

/**
 * The function `index` of a prebuilt deployment (Build Output API, version 3); null for a deployment that has none.
 * Throws an Error with the build's message for an output that Vercel would not accept.
 */
export function readBuiltFunction(source: ProjectFiles): BuiltFunction | null {
  const config = source.get(`${output}config.json`);
  if (config === undefined) return null;
  outputConfig.parse(JSON.parse(config));
  const folder = `${output}functions/index.func/`;
  const text = source.get(`${folder}.vc-config.json`);
  if (text === undefined) throw new Error('The function index has no .vc-config.json.');
  const { handler, environment = {} } = functionConfig.parse(JSON.parse(text));
  const files = new Map(
    [...source]
      .filter(([path]) => path.startsWith(folder))
      .map(([path, content]) => [path.slice(folder.length), content] as const),
  );
  if (!files.has(handler)) throw new Error(`The function index has no file ${handler}.`);
  return { files, handler, environment };
}

/** Runs the function once it is called; `env` are the deployment's variables. */
export function createFunctionHost(options: {
  built: BuiltFunction;
  env: Readonly<Record<string, string>>;
  policy: () => FunctionPolicy;
  reaper: Reaper | null;
  now: () => number;
}): FunctionHost {
  const { built, policy } = options;
  const folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-function-'));
  // The files have no package.json, so that a folder above decides about their type: none does in /var/task.
  writeFileSync(join(folder, 'package.json'), '{}');
  for (const [path, content] of built.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const log: { at: number; text: string }[] = [];
  let instances: FunctionInstance[] = [];
  const ending = new Set<Promise<void>>();
  let calls = 0;
  const env = {
    ...options.env,
    ...built.environment,
    VERCEL: '1',
    VERCEL_REGION: 'iad1',
    NODE_ENV: 'production',
  };
  const start = (): FunctionInstance =>
    startInstance({
      handler: join(folder, built.handler),
      env,
      reaper: options.reaper,
      write: (text) => void log.push({ at: options.now(), text }),
    });
  const next = (): FunctionInstance => {
    instances = instances.filter((instance) => instance.isAlive());
    const place = calls++ % policy().instances;
    const existing = instances[place];
    if (existing !== undefined) return existing;
    const started = start();
    instances.push(started);
    return started;
  };
  const leave = async (instance: FunctionInstance): Promise<void> => {
    const { afterAnswer } = policy();
    if (afterAnswer === 'freeze') return;
    instances = instances.filter((other) => other !== instance);
    await instance.idle();
    const end = afterAnswer === 'kill' ? instance.kill() : instance.stop();
    ending.add(end);
    await end;
  };
  return {
    async call(call) {
      const instance = next();
      instance.enter();
      const origin = await instance.ready.catch(() => null);
      if (origin === null)
        return { status: 500, headers: { 'x-vercel-error': 'FUNCTION_INVOCATION_FAILED' }, text: '' };
      return forwardToInstance(call, { origin, onEnd: () => void leave(instance) });
    },
    instances: () => instances.filter((instance) => instance.isAlive()),
    log: () => log,
    async close() {
      await Promise.all([...ending, ...instances.map((instance) => instance.stop())]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
