import { chownSync } from 'node:fs';

/** The id of the nobody user on Linux and macOS: neither PostgreSQL nor a Space may run as root. */
const NOBODY = process.platform === 'darwin' ? 4294967294 : 65534;

/** The user to start children as: the nobody user when the sandbox runs as root, otherwise the current one. */
export function unprivilegedUser(): { uid: number; gid: number } | Record<string, never> {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Makes that user the owner of a path; does nothing when the sandbox is not root. */
export function chownToUnprivileged(path: string): void {
  const user = unprivilegedUser();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}
