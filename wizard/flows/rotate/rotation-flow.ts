import type { AnswerName, Answers } from '../../model/answers.ts';
import type { SecretName } from '../../../server/contract.ts';
import { secretNames } from '../../../server/contract.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { readOnlyContext, readSpaceStatus } from '../../deployment/server/space-status.ts';
import { preferencesOf } from '../../diagnosis/space-models.ts';
import type { KnownSpace } from '../../interview/targets/choose-space.ts';
import { confirmPlanQuestion } from '../../interview/confirm-plan.ts';
import { credentialChecks, credentialQuestions } from '../../interview/credentials/credential-questions.ts';
import type { Resource } from '../../interview/fact-store.ts';
import { inPhase, type Flow, type FlowQuestion } from '../../interview/flow.ts';
import { interviewState } from '../../interview/interview-state.ts';
import { credentialOf } from '../../interview/credentials/live-checks.ts';
import { madeKeyQuestion, madeKeyResource } from './made-key.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';
import { sessionFlow } from '../../interview/session-flow.ts';
import { openJournal } from '../../run/journal-file.ts';
import { type HostedSettings } from '../../hosting/hosted-settings.ts';
import { hostingOf, hostingService } from '../../hosting/hosting-of.ts';
import type { Service } from '../../model/service.ts';
import { journaledCluster } from './known-cluster.ts';
import { madeProject, ownDatabaseResource, resetPasswordQuestion } from './reset-password.ts';
import { rotatableSecrets, rotateWhat } from './rotatable-secrets.ts';
import { outcomeResource } from './rotation-outcome.ts';
import {
  answersIn,
  isClusterGiven,
  isKeyMade,
  isPasswordReset,
  refusalsInRotation,
  rotatedServices,
  withNames,
  type RotatedService,
  type RotationState,
  type RotationTarget,
} from './rotation-state.ts';

type RotationOptions = { session: Session; inputs: CommandInputs; space: KnownSpace };

const tokenNames = { huggingface: 'HF_TOKEN', vercel: 'VERCEL_TOKEN' } as const;
const services: readonly RotatedService[] = ['gemini', 'qdrant', 'postgres'];

/** Which secrets, the token, the new values, and the plan. The Space decides which values fit, so it is read first. */
export function rotationFlow(
  options: RotationOptions & { names: readonly SecretName[] | null },
): Flow<RotationState> {
  const { session, inputs, space, names } = options;
  const host = hostingService({ target: space });
  const isNeeded = (state: RotationState, service: string): boolean =>
    rotatedServices(state).some((rotated) => rotated === service);
  const keys: FlowQuestion<RotationState>[] = [
    secretsQuestion,
    ...credentialQuestions<RotationState>({ services: [host] }),
    madeKeyQuestion,
    resetPasswordQuestion,
    ...credentialQuestions<RotationState>({
      services,
      isNeeded: (state, service, name) =>
        isNeeded(state, service) && (name !== 'QDRANT_URL' || isClusterGiven(state)) && !isMade(state, name),
      refusalsIn: refusalsInRotation,
      after: [host, 'rotation-target', 'made-key', 'own-database', ...services, 'rotation-outcome'],
    }),
  ];
  const confirm = confirmPlanQuestion<RotationState>({
    planIn: ({ outcome }) => (outcome?.type === 'planned' ? outcome.plan : null),
    hasYes: session.flags.yes,
    after: [...services, 'rotation-outcome'],
  });
  const questions = [...inPhase('keys', keys), ...inPhase('plan', [confirm])];
  const checks = {
    session,
    inputs,
    answersIn,
    isComplete: (state: RotationState) => isComplete(state, host),
  };
  const resources: Resource<RotationState>[] = [
    ...credentialChecks<RotationState>({ ...checks, services: [host] }),
    targetResource(options),
    madeKeyResource(session, inputs),
    ownDatabaseResource(session, inputs),
    ...credentialChecks<RotationState>({
      ...checks,
      services,
      isNeeded: (state, service) => state.target !== undefined && isNeeded(state, service),
      preferences: ({ target }) => preferencesOf(target?.settings ?? { variables: {} }),
    }),
    outcomeResource(session),
  ];
  const initial: RotationState = {
    ...interviewState(session, inputs),
    names: null,
    cluster: journaledCluster(space),
    keySource: null,
    project: madeProject(space),
    passwordSource: null,
    isConfirmed: false,
  };
  return {
    ...sessionFlow(session, {
      questions,
      refusalsIn: refusalsInRotation,
      outline: {
        servicesIn: (state) => [host, ...rotatedServices(state)],
        targetIn: () => space.space,
      },
    }),
    initial: names === null ? initial : withNames(initial, names),
    resources,
  };
}

const secretsQuestion: FlowQuestion<RotationState> = {
  id: 'rotate',
  isOpen: ({ names }) => names === null,
  prompt: () => ({
    type: 'choice',
    name: 'rotate',
    title: 'What is to be replaced?',
    lines: [],
    choices: secretNames.map((name) => ({ value: name, label: name, note: rotatableSecrets[name].label })),
  }),
  answer: (state, reply) => {
    const name = secretNames.find((candidate) => reply.type === 'choice' && candidate === reply.value);
    return name === undefined ? state : withNames(state, [name]);
  },
  failure: rotateWhat,
};

/** Whether every value is there that a run without questions needs. */
function isComplete(state: RotationState, host: Service): boolean {
  const answers = answersIn(state);
  const needed = [host, ...rotatedServices(state)];
  return needed
    .flatMap((service) => requiredAnswers[service])
    .every((name) => answers[name] !== undefined || isMade(state, name));
}

/** Whether a vendor makes the new value. */
function isMade(state: RotationState, name: AnswerName): boolean {
  return name === 'QDRANT_API_KEY' ? isKeyMade(state) : name === 'DATABASE_URL' && isPasswordReset(state);
}

/** The Space and its settings. Throws Failure `space-missing`, `space-not-ours` or `space-locked`. */
function targetResource({ session, inputs, space }: RotationOptions): Resource<RotationState> {
  const host = hostingService({ target: space });
  return {
    id: 'rotation-target',
    key: (state) => (state[host]?.verdict === 'accepted' ? [state[host]] : null),
    load: async (state) => {
      const { token } = credentialOf(state, host);
      const { HOSTING_VERCEL_TOKEN: hostingToken } = state.answers;
      const answers: Answers = {
        [tokenNames[host]]: { value: token, source: 'accepted', cleaned: [] },
        ...(hostingToken !== undefined && { HOSTING_VERCEL_TOKEN: hostingToken }),
      };
      const journal = await openJournal({ stateDir: session.runtime.stateDir, space: space.space });
      const context = {
        ...readOnlyContext(session, { inputs, space: space.space, answers }),
        journal,
      };
      try {
        return { target: { context, ...(await settingsOf(context)) } };
      } catch (error) {
        await journal.close();
        throw error;
      }
    },
    release: async ({ target }) => target?.context.journal.close(),
  };
}

async function settingsOf(
  context: RotationTarget['context'],
): Promise<{ settings: HostedSettings; host: string | null }> {
  const { secrets, variables, url: host } = await readSpaceStatus(context);
  if (secrets === null || variables === null || variables['DEPLOYMENT_ID'] === undefined)
    throw notOurs(context);
  return { settings: { secrets, variables }, host };
}

function notOurs(context: RotationTarget['context']): Failure {
  const { service, noun, label, flags } = hostingOf(context);
  return new Failure({
    code: 'space-not-ours',
    service,
    message: `${noun.replace(/^t/, 'T')} ${label} was not deployed by this tool, or this token may not read its settings.`,
    remedy: `Deploy to it first: npx rag-space-setup ${flags}`,
  });
}
