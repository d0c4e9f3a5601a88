/** Starts the stand-ins of the vendors on loopback with new fake credentials. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startAdmin } from './admin.ts';
import { createFakeKeys } from './fake-keys.ts';
import { Faults } from './exchange/faults.ts';
import { sampleBookFolder } from './frontend/sample-book-folder.ts';
import { startGemini } from './gemini/gemini.ts';
import { startNeon } from './neon/neon.ts';
import { hubStandIn } from './hub/hub-stand-in.ts';
import { startHub } from './hub/hub.ts';
import { postgresStandIn } from './postgres/postgres-stand-in.ts';
import { startPostgres } from './postgres/postgres.ts';
import { startQdrant } from './qdrant/qdrant.ts';
import { startQdrantCloud } from './qdrant-cloud/qdrant-cloud.ts';
import type { Reaper } from './reaper.ts';
import { ExchangeRecord } from './exchange/exchange-record.ts';
import { defaultSpaceBehaviour } from './space/space-behaviour.ts';
import { spaceStandIn } from './space/space-stand-in.ts';
import { startVercel } from './vercel/vercel.ts';

/** How to reach the stand-ins. */
export type StandInAccess = {
  /** Every environment variable that a process needs to use them. */
  env: Record<string, string>;
  /** Hub tokens with other roles than the one in `env`, and the keys of vendors that no run needs: `neon`. */
  tokens: Record<string, string>;
};

/** `track` receives each part while it starts, so that it can be closed when another part fails. */
export async function startStandIns(options: {
  folder: string;
  reaper: Reaper;
  track: <T extends { close(): Promise<void> }>(starting: Promise<T>) => Promise<T>;
}): Promise<StandInAccess> {
  const { folder, reaper, track } = options;
  const shared = { faults: new Faults(), record: new ExchangeRecord() };
  const behaviour = defaultSpaceBehaviour();
  const keys = createFakeKeys();
  const data = join(folder, 'postgres');
  mkdirSync(data, { mode: 0o755 });
  const [postgres, hub, vercel, gemini, qdrant] = await allSettled([
    track(startPostgres({ ...shared, folder: data, password: keys.databasePassword, reaper })),
    track(startHub({ ...shared, folder: join(folder, 'spaces'), behaviour, reaper, token: keys.hub })),
    track(startVercel({ ...shared, token: keys.vercel, reaper })),
    track(startGemini({ ...shared, apiKey: keys.gemini })),
    track(startQdrant({ ...shared, apiKey: keys.qdrant })),
  ]);
  const neon = await track(startNeon({ ...shared, databases: postgres }));
  const qdrantCloud = await track(startQdrantCloud(shared));
  const own = {
    hub: hubStandIn(hub),
    space: spaceStandIn({ hub, behaviour }),
    postgres: postgresStandIn(postgres),
  };
  const standIns = { ...own, vercel, gemini, qdrant, neon, 'qdrant-cloud': qdrantCloud };
  const admin = await track(startAdmin({ ...shared, standIns }));
  const { pro, ...tokens } = hub.tokens;
  const env = {
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
    DOCS_DIR: sampleBookFolder(),
    NEON_API_URL: `${neon.url}/api/v2`,
    NEON_CLAIM_URL: neon.url,
    QDRANT_CLOUD_API_URL: qdrantCloud.url,
    QDRANT_CLOUD_API_KEY: qdrantCloud.managementKey,
    SANDBOX_ADMIN_URL: admin.url,
    SANDBOX_WEBSOCKET_ADDRESS: postgres.webSocketAddress,
  };
  return { env, tokens: { ...tokens, neon: neon.apiKey } };
}

/** Like Promise.all, but waits for all, so that nothing is still starting when a failure is handled. */
async function allSettled<T extends readonly unknown[]>(
  starting: [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(starting);
  return (await Promise.all(starting)) as unknown as T;
}
