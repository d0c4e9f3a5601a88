import type { SecretName } from '../../../server/contract.ts';
import { answersFrom } from '../../paste/environment.ts';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import { runSteps } from '../../run/run-steps.ts';
import { awaitBuild } from '../../steps/await-build.ts';
import { awaitHealth } from '../../steps/await-health.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import { hostingOf } from '../../hosting/hosting-of.ts';
import { isCurrentSecret, type NewSecrets, type HostedSettings } from '../../hosting/hosted-settings.ts';
import { setDeploymentId, setNewSecrets } from '../../steps/replacement-steps.ts';
import { runFlow, type FlowQuestion } from '../../interview/flow.ts';
import { interviewState, type InterviewState, type Refusal } from '../../interview/interview-state.ts';
import { sessionFlow } from '../../interview/session-flow.ts';
import { questionNamed, valueQuestion } from '../../interview/value-question.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';
import { relay, type Session } from '../../model/runtime.ts';

type Restoration = {
  context: SpaceContext;
  inputs: CommandInputs;
  settings: HostedSettings;
  changed: NewSecrets;
  /** Why the new values are not kept. */
  error: unknown;
};

/**
 * Puts the old values back and proves that the server runs with them, when they are given or found: known by their
 * fingerprints, so that nothing else can be written. Gives the Failure that the run ends with.
 */
export async function restoreSecrets(session: Session, work: Restoration): Promise<Failure> {
  const { context, settings, changed } = work;
  const names = Object.keys(changed) as SecretName[];
  const why = work.error instanceof Failure ? work.error : null;
  const reason = why?.message ?? String(work.error);
  session.emit({ type: 'notice', code: 'not-healthy', message: reason, remedy: why?.remedy ?? '' });
  const old: NewSecrets = {};
  for (const name of names) {
    const secret = (await previousSecret(session, work, name)) ?? (await askFor(session, work, name));
    if (secret !== null) old[name] = secret;
  }
  const lacking = names.filter((name) => old[name] === undefined);
  if (lacking.length > 0) return rotationUnproven({ reason, names: lacking });
  const now = (await hostingOf(context).settings()).variables['DEPLOYMENT_ID']?.value ?? null;
  const id = settings.variables['DEPLOYMENT_ID']?.value ?? '';
  const steps = [setNewSecrets(old), setDeploymentId({ id, previous: now }), awaitBuild, awaitHealth];
  await relay(runSteps({ context, steps }), session.emit);
  return new Failure({
    code: 'rotation-undone',
    service: why?.service ?? 'huggingface',
    message: `The server did not get healthy with the new value, so the old one is back and the server healthy with it. ${reason}`,
    remedy: why?.remedy ?? 'Make another value, then rotate again.',
  });
}

/** From `PREVIOUS_<NAME>`, the name itself, or `--env-file`: whichever is what the Space held. */
async function previousSecret(session: Session, work: Restoration, name: SecretName): Promise<Secret | null> {
  const { flags, runtime } = session;
  const nothing = { space: null, vercelProject: null, vercelTeam: null, docs: null };
  const previous = runtime.env[`PREVIOUS_${name}`];
  const sources: Answers[] = [
    await answersFrom({ env: { [name]: previous }, flags: nothing }),
    work.inputs.answers,
    flags.envFile === null ? {} : await answersFrom({ env: {}, flags: nothing, envFile: flags.envFile }),
  ];
  return firstCurrent(work, { name, sources });
}

function firstCurrent(
  { context, settings }: Restoration,
  { name, sources }: { name: SecretName; sources: readonly Answers[] },
): Secret | null {
  const values = sources.map((answers) => answers[name]?.value).filter((answers) => answers !== undefined);
  return values.find((secret) => isCurrentSecret(context, { settings, name, secret })) ?? null;
}

/** Asks for the old value; one that was found on this machine is offered. Null when the user gives none. */
async function askFor(session: Session, work: Restoration, name: SecretName): Promise<Secret | null> {
  const { renderer, flags } = session;
  if (!renderer.canAsk || flags.yes) return null;
  const proposed = firstCurrent(work, { name, sources: [work.inputs.proposals] });
  const proposal = work.inputs.proposals[name];
  const proposals = proposed === null || proposal === undefined ? {} : { [name]: proposal };
  const isOld = ({ answers }: InterviewState): boolean =>
    firstCurrent(work, { name, sources: [answers] }) !== null;
  const questions = [oldValueQuestion(name, isOld)];
  const flow = sessionFlow(session, { questions });
  const final = await runFlow({
    ...flow,
    initial: interviewState(session, { answers: {}, proposals }),
    canLeave: true,
    // The new value stays on the Space, whichever key says no.
    ask: async (request) => {
      const reply = await flow.ask(request);
      return reply.type === 'cancel' ? { type: 'back' } : reply;
    },
  });
  return final === null ? null : (final.answers[name]?.value ?? null);
}

function oldValueQuestion(
  name: SecretName,
  isOld: (state: InterviewState) => boolean,
): FlowQuestion<InterviewState> {
  const refusal: Refusal = {
    message: 'This is not the value that the server held.',
    remedy: 'Give that one, or press Esc.',
    canRetry: false,
  };
  const question: FlowQuestion<InterviewState> = valueQuestion<InterviewState>({
    question: {
      ...questionNamed(name),
      title: `The old ${name}, to put it back`,
      hint: 'Esc leaves the new one where it is.',
      link: rotatableSecrets[name].revokeAt,
    },
    isNeeded: () => true,
    refusalsIn: (state) => (state.answers[name] === undefined || isOld(state) ? {} : { [name]: refusal }),
    room: () => [question],
  });
  return question;
}

function rotationUnproven({ reason, names }: { reason: string; names: readonly SecretName[] }): Failure {
  const [name = 'GEMINI_API_KEY'] = names;
  return new Failure({
    code: 'rotation-unproven',
    service: rotatableSecrets[name].service,
    message: `The new value is written, but the server is not healthy with it. ${reason}`,
    remedy: `To go back, run rotate ${name} with the old value; or rotate to another new one. With PREVIOUS_${name} set, the old one is put back by itself.`,
  });
}
