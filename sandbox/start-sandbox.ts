/** Starts the sandbox in a temporary folder of its own, and ends it whole. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReaper } from './reaper.ts';
import { startStandIns, type StandInAccess } from './start-stand-ins.ts';

export type Sandbox = StandInAccess & {
  /** Temporary, and removed at the end, whoever asks for it. */
  folder: string;
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
    return { ...(await startStandIns({ folder, reaper, keep })), folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
