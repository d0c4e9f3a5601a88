import { readFileSync } from 'node:fs';

/**
 * Milliseconds for which a process's main thread could have run and every core was busy with others, since its start; 0
 * where the system does not count them. A time less these is the time on a machine with nothing else to do.
 */
export function coreWaits(pid: number = process.pid): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
