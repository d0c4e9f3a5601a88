import { Failure } from './failure.ts';

/** What the operating system refuses to this process, as an error of Node; null for any other error. */
export function machineFailure(error: unknown): Failure | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && syscall === 'uv_cwd') {
    return new Failure({
      code: 'no-working-folder',
      message: 'The folder that this was started in does not exist any more.',
      remedy: 'Change to a folder that exists.',
      cause: error,
    });
  }
  if (code === 'ERR_SYSTEM_ERROR' && /homedir/.test(error.message)) {
    return new Failure({
      code: 'no-home-folder',
      message: 'This user has no home folder, where the state of a deployment would be kept.',
      remedy: 'Set XDG_STATE_HOME, or HOME, to a folder that this user may write to.',
      cause: error,
    });
  }
  return null;
}
