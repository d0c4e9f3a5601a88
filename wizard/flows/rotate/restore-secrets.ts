import type { SecretName } from '../../../server/contract.ts';
import { answersFrom } from '../../paste/environment.ts';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import { questions } from '../../model/question.ts';
import type { Secret } from '../../model/secret.ts';
import { runSteps } from '../../run/run-steps.ts';
import { awaitBuild } from '../../steps/await-build.ts';
import { awaitHealth } from '../../steps/await-health.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import { hubOf } from '../../hosting/space/space-access.ts';
import { setDeploymentId, setNewSecrets } from '../../steps/rotation-steps.ts';
import { isCurrentSecret, type NewSecrets, type SpaceSettings } from '../../hosting/space/space-settings.ts';
import { takeReply, valuePrompt, type Interview } from '../../interview/ask.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';
import { relay, type Session } from '../../model/runtime.ts';

type Work = {
  context: SpaceContext;
  opening: CommandInputs;
  standing: SpaceSettings;
  changed: NewSecrets;
  /** Why the new values are not kept. */
  error: unknown;
};

/**
 * Puts the old values back and proves that the server runs with them, when they are given or found: known by their
 * fingerprints, so that nothing else can be written. Gives the Failure that the run ends with.
 */
export async function restoreSecrets(session: Session, work: Work): Promise<Failure> {
  const { context, standing, changed } = work;
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
  const now = (await hubOf(context).variables(context.target.space))['DEPLOYMENT_ID']?.value ?? null;
  const id = standing.variables['DEPLOYMENT_ID']?.value ?? '';
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
async function previousSecret(session: Session, work: Work, name: SecretName): Promise<Secret | null> {
  const { flags, runtime } = session;
  const nothing = { space: null, vercelProject: null, vercelTeam: null, docs: null };
  const previous = runtime.env[`PREVIOUS_${name}`];
  const sources: Answers[] = [
    await answersFrom({ env: { [name]: previous }, flags: nothing }),
    work.opening.answers,
    flags.envFile === null ? {} : await answersFrom({ env: {}, flags: nothing, envFile: flags.envFile }),
  ];
  return firstStanding(work, { name, sources });
}

function firstStanding(
  { context, standing }: Work,
  { name, sources }: { name: SecretName; sources: readonly Answers[] },
): Secret | null {
  const given = sources.map((one) => one[name]?.value).filter((one) => one !== undefined);
  return given.find((secret) => isCurrentSecret(context, { settings: standing, name, secret })) ?? null;
}

/** A value that lies about on this machine and was the old one is offered; any other has to be given. */
async function askFor(session: Session, work: Work, name: SecretName): Promise<Secret | null> {
  const { renderer, flags, runtime } = session;
  if (!renderer.canAsk || flags.yes) return null;
  const question = questions.find((one) => one.name === name);
  if (question === undefined) return null;
  const found = firstStanding(work, { name, sources: [work.opening.proposals] });
  const given = work.opening.proposals[name];
  const interview: Interview = {
    answers: {},
    proposals: found === null || given === undefined ? {} : { [name]: given },
    problems: new Map(),
    asked: [],
    canLeave: false,
  };
  const old = {
    ...question,
    title: `The old ${name}, to put it back`,
    hint: 'Esc leaves the new one where it is.',
    link: rotatableSecrets[name].revokeAt,
  };
  for (;;) {
    const prompt = valuePrompt(interview, old, [old]);
    const reply = await renderer.ask({ ...prompt, type: 'value', canGoBack: true } as typeof prompt, {
      signal: runtime.signal,
    });
    if (reply.type !== 'value' && reply.type !== 'accept') return null;
    takeReply(session, interview, old, reply);
    const secret = firstStanding(work, { name, sources: [interview.answers] });
    if (secret !== null) return secret;
    delete interview.answers[name];
    interview.problems.set(name, {
      message: 'This is not the value that the Space held.',
      remedy: 'Give that one, or press Esc.',
    });
  }
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
