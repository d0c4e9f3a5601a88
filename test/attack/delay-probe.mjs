/**
 * Loaded before a server (`node --import`): measures how late its event loop is, without the time for which its thread
 * waited for a core of the machine. SIGWINCH writes the delays since the last one to DELAY_FILE, in milliseconds.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const intervalMs = 5;
const file = process.env.DELAY_FILE ?? '';

/** Milliseconds for which the main thread could run and no core was free; 0 where the system does not count them. */
function waitedMs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

let delays = [];
let last = performance.now();
let waited = waitedMs();

function look() {
  const [now, waitedNow] = [performance.now(), waitedMs()];
  delays.push(Math.max(0, now - last - intervalMs - (waitedNow - waited)));
  last = now;
  waited = waitedNow;
  setTimeout(look, intervalMs).unref();
}
look();

process.on('SIGWINCH', () => {
  writeFileSync(`${file}.new`, JSON.stringify(delays));
  renameSync(`${file}.new`, file);
  delays = [];
});
