import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../model/failure.ts';

/** A lock that was not renewed for this long is stale, whatever process has that id by now. */
const LOCK_STALE_MS = 30_000;
const LOCK_RENEW_MS = 5_000;

/** Paths of the locks of this very process: its own id in any other lock is that of a process that exited. */
const heldByThisProcess = new Set<string>();

/**
 * Lets one run at a time work on a Space. The lock file holds the id of its process and is renewed while that lives; a
 * stale one is taken over. Not `proper-lockfile`: that knows no process ids, so a run that was killed would block the
 * next one until its lock is stale; it gave one stale lock to two of four processes in 3 of 12 tries; and it cannot
 * take over a lock that is a file, as those of 0.1.0 are.
 *
 * @returns how to release it.
 * @throws Failure `space-locked`.
 */
export async function lockSpace({
  path,
  space,
}: {
  path: string;
  space: string;
}): Promise<() => Promise<void>> {
  for (let tries = 0; tries < 20; tries++) {
    const file = await open(path, 'wx', 0o600).catch(nullIfExists);
    if (file !== null) {
      heldByThisProcess.add(path);
      await file.writeFile(String(process.pid));
      const renewal = setInterval(() => void file.utimes(new Date(), new Date()), LOCK_RENEW_MS).unref();
      return async () => {
        clearInterval(renewal);
        await file.close();
        await rm(path, { force: true });
        heldByThisProcess.delete(path);
      };
    }
    const state = await stateOf(path);
    if (state === 'held') throw spaceLocked({ space, holder: await holderOf(path) });
    if (state === 'stale') await removeStale(path);
  }
  throw spaceLocked({ space, holder: 0 });
}

/** Of several processes that find a stale lock, one at a time checks it again and removes it; the guard is a folder. */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.takeover`;
  const isMine = await mkdir(guard).then(
    () => true,
    () => false,
  );
  if (!isMine) {
    const age = await ageOf(guard);
    if (age !== null && age > LOCK_STALE_MS) await rm(guard, { recursive: true, force: true });
    await sleep(25);
    return;
  }
  try {
    // One that was absent a moment ago may be another process's by now.
    if ((await stateOf(path)) === 'stale') await rm(path, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function stateOf(path: string): Promise<'absent' | 'held' | 'stale'> {
  const [age, holder] = await Promise.all([ageOf(path), holderOf(path)]);
  if (age === null) return 'absent';
  return isHeld({ path, age, holder }) ? 'held' : 'stale';
}

function isHeld({ path, age, holder }: { path: string; age: number; holder: number }): boolean {
  // Just created, the process id not written yet.
  if (holder === 0) return age < LOCK_RENEW_MS;
  // The first process of every container has the id 1.
  if (holder === process.pid) return heldByThisProcess.has(path);
  return isAlive(holder) && age < LOCK_STALE_MS;
}

/** Milliseconds since it was last written; null when it does not exist. */
async function ageOf(path: string): Promise<number | null> {
  const stats = await stat(path).catch(() => null);
  return stats === null ? null : Date.now() - stats.mtimeMs;
}

async function holderOf(path: string): Promise<number> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  return Number.isInteger(pid) ? pid : 0;
}

function nullIfExists(error: unknown): null {
  if (Reflect.get(Object(error), 'code') === 'EEXIST') return null;
  throw error;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return Reflect.get(Object(error), 'code') === 'EPERM';
  }
}

function spaceLocked({ space, holder }: { space: string; holder: number }): Failure {
  return new Failure({
    code: 'space-locked',
    message: `Another run works on ${space}${holder === 0 ? '' : ` (process ${holder})`}.`,
    remedy: 'Wait until it has ended, then run again.',
  });
}
