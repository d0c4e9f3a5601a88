import { HttpFailure } from '../../clients/http-failure.ts';
import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { createNeonAccount, type NeonOptions } from './neon-client.ts';
import { neonRefusal } from './provision-postgres.ts';

export type PasswordTools = NeonOptions & {
  key: Secret;
  now(): number;
  sleep(ms: number, options: { signal: AbortSignal }): Promise<unknown>;
};

const byHand = 'reset it at https://console.neon.tech and give the new connection string.';
const pollMs = 1_000;
const longestWaitMs = 2 * 60_000;

/** The connection string of a project as it is now; null where the account has no such project. Throws Failure. */
export async function connectionStringOf(tools: PasswordTools, project: string): Promise<Secret | null> {
  try {
    return new Secret(await createNeonAccount(tools, tools.key).connectionString(project));
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return null;
    throw neonRefusal(error, byHand);
  }
}

/**
 * Gives the project's role a new password, and waits until it works: the old one ends then. Repeated after a kill, it
 * gives another one. Returns the new connection string. Throws Failure.
 */
export async function newPassword(tools: PasswordTools, project: string): Promise<Secret> {
  const account = createNeonAccount(tools, tools.key);
  const { now, sleep, signal } = tools;
  try {
    const until = now() + longestWaitMs;
    for (const id of await account.resetPassword(project)) {
      for (;;) {
        const { isDone, error } = await account.operation(project, id);
        if (isDone) break;
        if (error !== null) throw notReady(`Neon could not set the new password: ${error}.`);
        if (now() > until) throw notReady('Neon has not set the new password within 2 minutes.');
        await sleep(pollMs, { signal });
        signal.throwIfAborted();
      }
    }
    return new Secret(await account.connectionString(project));
  } catch (error) {
    throw neonRefusal(error, byHand);
  }
}

function notReady(message: string): Failure {
  const remedy = `Run rotate postgres again, or ${byHand}`;
  return new Failure({ kind: 'unreachable', code: 'neon-unreachable', service: 'postgres', message, remedy });
}
