/** Starts the sandbox in a temporary folder, and ends all of it. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReaper } from './reaper.ts';
import { startStandIns, type StandInAccess } from './start-stand-ins.ts';

export type Sandbox = StandInAccess & {
  /** Temporary; removed when the sandbox ends. */
  folder: string;
  close(): Promise<void>;
};

/** Throws an Error of one sentence when a part cannot start; the other parts are ended then. */
export async function startSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'rag-space-setup-sandbox-'));
  // Spaces and PostgreSQL may run as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  const reaper = startReaper(folder);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(closers.map((end) => end()));
    rmSync(folder, { recursive: true, force: true });
    await reaper.close();
  };
  const track = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    closers.push(() => part.close());
    return part;
  };
  try {
    return { ...(await startStandIns({ folder, reaper, track })), folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
