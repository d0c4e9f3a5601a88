/** Starts the five vendors on loopback with fresh fake credentials, and says how to reach them. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAdmin } from './admin.ts';
import { fakeKeys } from './fake-keys.ts';
import { Faults } from './faults.ts';
import { startGemini } from './gemini/gemini.ts';
import { hubStandIn } from './hub/hub-stand-in.ts';
import { startHub } from './hub/hub.ts';
import { postgresStandIn } from './postgres/postgres-stand-in.ts';
import { startPostgres } from './postgres/postgres.ts';
import { startQdrant } from './qdrant/qdrant.ts';
import { startReaper } from './reaper.ts';
import { ExchangeRecord } from './record.ts';
import { defaultKnobs } from './space/knobs.ts';
import { spaceStandIn } from './space/space-stand-in.ts';
import type { StandIn } from './stand-in.ts';
import { startVercel } from './vercel/vercel.ts';

export type Sandbox = {
  /** Every variable that a process needs to use the stand-ins. */
  env: Record<string, string>;
  /** Hub tokens of other kinds than the one in `env`. */
  tokens: Record<string, string>;
  close(): Promise<void>;
};

/** Throws one sentence when a part cannot start; what had started is ended then. */
export async function startSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'rag-space-setup-sandbox-'));
  // Spaces and PostgreSQL may run as another user, who must get through.
  chmodSync(folder, 0o755);
  const reaper = startReaper(folder);
  const started: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(started.map((end) => end()));
    rmSync(folder, { recursive: true, force: true });
    await reaper.close();
  };
  const keep = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.push(() => one.close());
    return one;
  };
  try {
    const faults = new Faults();
    const record = new ExchangeRecord();
    const knobs = defaultKnobs();
    const keys = fakeKeys();
    const shared = { faults, record };
    const postgresFolder = join(folder, 'postgres');
    mkdirSync(postgresFolder, { mode: 0o755 });
    const [postgres, hub, vercel, gemini, qdrant] = await settled([
      keep(startPostgres({ ...shared, folder: postgresFolder, password: keys.databasePassword, reaper })),
      keep(startHub({ ...shared, folder: join(folder, 'spaces'), knobs, reaper, token: keys.hub })),
      keep(startVercel({ ...shared, token: keys.vercel })),
      keep(startGemini({ ...shared, apiKey: keys.gemini })),
      keep(startQdrant({ ...shared, apiKey: keys.qdrant })),
    ]);
    const standIns: Record<string, StandIn> = {
      hub: hubStandIn(hub),
      space: spaceStandIn({ hub, knobs }),
      vercel,
      gemini,
      qdrant,
      postgres: postgresStandIn(postgres),
    };
    const admin = await keep(startAdmin({ ...shared, standIns }));
    const { pro, ...tokens } = hub.tokens;
    return {
      env: {
        HF_TOKEN: pro,
        VERCEL_TOKEN: vercel.token,
        GEMINI_API_KEY: gemini.apiKey,
        QDRANT_URL: qdrant.url,
        QDRANT_API_KEY: qdrant.apiKey,
        DATABASE_URL: postgres.url,
        HF_ENDPOINT: hub.url,
        VERCEL_API_URL: vercel.url,
        GOOGLE_GEMINI_BASE_URL: gemini.url,
        VERCEL_PROJECT: 'sample-book',
        DOCS_DIR: bookFolder(),
        SANDBOX_ADMIN_URL: admin.url,
      },
      tokens,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As Promise.all, but waits for all, so that nothing starts after the failure is handled. */
async function settled<T extends readonly unknown[]>(
  starting: [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(starting);
  return (await Promise.all(starting)) as unknown as T;
}

/** The sample book: beside the built file, or beside this one in a checkout. */
function bookFolder(): string {
  const folder = fileURLToPath(new URL('./book', import.meta.url));
  if (!existsSync(folder)) throw new Error(`The sample book is missing: ${folder} should hold it.`);
  return folder;
}
