import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { preferencesOf } from '../../diagnosis/space-models.ts';
import { isCurrentSecret } from '../../hosting/hosted-settings.ts';
import type { Resource } from '../../interview/fact-store.ts';
import type { FlowQuestion } from '../../interview/flow.ts';
import { announceNeon } from '../../interview/provisioning/neon-tools.ts';
import type { KnownSpace } from '../../interview/targets/choose-space.ts';
import { Failure } from '../../model/failure.ts';
import { createdResources } from '../../model/run/created-resources.ts';
import { pendingEntries } from '../../model/run/journal.ts';
import type { Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import { probeService } from '../../probes/probe-service.ts';
import { neonEndpoints } from '../../provisioning/neon/neon-endpoints.ts';
import { connectionStringOf, newPassword, type PasswordTools } from '../../provisioning/neon/new-password.ts';
import {
  canResetPassword,
  type OwnDatabase,
  type RotationState,
  type RotationTarget,
} from './rotation-state.ts';

/** Id of the Neon project that this machine made for the server; null where it made none. */
export function madeProject({ entries }: KnownSpace): string | null {
  return createdResources(entries).findLast(({ thing }) => thing === 'database')?.place ?? null;
}

/** Whether Neon makes the new password, or a connection string is pasted. */
export const resetPasswordQuestion: FlowQuestion<RotationState> = {
  id: 'reset-password',
  after: ['own-database'],
  isOpen: (state) => state.isInteractive && canResetPassword(state) && state.passwordSource === null,
  prompt: () => ({
    type: 'choice',
    name: 'reset-password',
    title: 'Reset the password at Neon?',
    lines: [
      'Once you accept the plan: the old one ends at once, and the server gets the new one.',
      'Answers are not kept in between, about a minute.',
    ],
    choices: [
      { value: 'reset', label: 'Yes', note: 'with NEON_API_KEY' },
      { value: 'paste', label: 'No, I paste a connection string', note: null },
    ],
  }),
  answer: (state, reply) =>
    reply.type === 'choice'
      ? { ...state, passwordSource: reply.value === 'reset' ? 'reset' : 'paste' }
      : state,
};

/** The server's database, where it is the one that this machine made, as it can be reached now. */
export function ownDatabaseResource(
  session: Session,
  inputs: Pick<CommandInputs, 'http'>,
): Resource<RotationState> {
  return {
    id: 'own-database',
    key: (state) => {
      const { answers, target, project } = state;
      return canResetPassword(state) && target !== undefined ? [answers.NEON_API_KEY, project, target] : null;
    },
    load: async ({ answers, target, project }, signal) => {
      const { NEON_API_KEY: key } = answers;
      if (key === undefined || project === null || target === undefined) return {};
      announceNeon(session);
      const tools = toolsOf(session, { inputs, key: key.value, signal });
      const url = await connectionStringOf(tools, project);
      if (url === null || !isDatabaseOf(target, url)) return { ownDatabase: null };
      const answer = { value: url, source: 'Neon', cleaned: [] };
      const reset = (): Promise<Secret> =>
        newPassword(toolsOf(session, { inputs, key: key.value, signal: session.runtime.signal }), project);
      return { ownDatabase: { answer, reset } };
    },
  };
}

/** The server has its connection string, or a reset that was cut off has ended the one that it has. */
function isDatabaseOf({ context, settings }: RotationTarget, secret: Secret): boolean {
  const name = 'DATABASE_URL';
  const isCutOff = pendingEntries(context.journal.entries).some(
    ({ thing, id, place }) => thing === 'secret' && id === name && place === context.target.space,
  );
  return isCutOff || isCurrentSecret(context, { settings, name, secret });
}

/**
 * Ends the old password, and proves the new one: the new connection string. Noted before, so that a reset that is cut
 * off is known. Throws Failure.
 */
export async function provenPassword(
  session: Session,
  options: {
    inputs: Pick<CommandInputs, 'endpoints' | 'http'>;
    target: RotationTarget;
    ownDatabase: OwnDatabase;
  },
): Promise<Secret> {
  const { target, ownDatabase } = options;
  const { endpoints, http } = options.inputs;
  const { journal, ...context } = target.context;
  const entry = { step: 'set-secrets', change: 'changed', thing: 'secret', id: 'DATABASE_URL' } as const;
  await journal.add({ ...entry, type: 'intent', place: context.target.space, previous: null });
  const value = await ownDatabase.reset();
  const probe = await probeService({
    service: 'postgres',
    answers: { DATABASE_URL: { value, source: 'Neon', cleaned: [] } },
    endpoints,
    http,
    signal: session.runtime.signal,
    preferences: preferencesOf(target.settings),
  });
  // What this machine does not reach, the server may.
  if (probe.verdict !== 'rejected') return value;
  throw new Failure({
    kind: 'rejected',
    code: 'new-password-refused',
    service: 'postgres',
    message: `Neon has ended the old password, and the database refuses the new one: ${probe.message}`,
    remedy: 'Run rotate postgres again: Neon makes another one. Until then no conversation is kept.',
  });
}

function toolsOf(
  { runtime }: Session,
  options: { inputs: Pick<CommandInputs, 'http'>; key: Secret; signal: AbortSignal },
): PasswordTools {
  const { inputs, key, signal } = options;
  const { env, now, sleep } = runtime;
  return { ...neonEndpoints(env), http: inputs.http, signal, key, now, sleep };
}
