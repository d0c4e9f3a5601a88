import { chownSync } from 'node:fs';

/** `nobody` on Linux and on macOS; neither PostgreSQL nor a Space may run as root. */
const NOBODY = process.platform === 'darwin' ? 4294967294 : 65534;

/** The user to start children as: `nobody` when the sandbox is root, else nothing (stay who we are). */
export function unprivilegedUser(): { uid: number; gid: number } | Record<string, never> {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Gives a path to the user of `unprivileged`; does nothing when the sandbox is not root. */
export function chownToUnprivileged(path: string): void {
  const user = unprivilegedUser();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}
