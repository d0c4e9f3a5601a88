import type { Session } from '../../model/runtime.ts';
import type { Answer, Answers } from '../../model/answers.ts';
import type { Credentials, Probe, ServiceVerdicts } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import type { Service } from '../../model/service.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { checkDoneEvent, probeService, type ProbePreferences } from '../../probes/probe-service.ts';
import type { Resource } from '../fact-store.ts';
import type { InterviewState } from '../interview-state.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';

export type LiveCheckOptions<S> = {
  session: Session;
  inputs: Pick<CommandInputs, 'endpoints' | 'http'>;
  /** In the order in which they are asked for. */
  services: readonly Service[];
  /** Whether the run needs this service now. */
  isNeeded?(state: S, service: Service): boolean;
  preferences(state: S): ProbePreferences;
  /** The answers, with those that need no asking. */
  answersIn?(state: S): Answers;
  /** A verdict on these very values that is known already. */
  knownVerdict?(state: S, service: Service): Probe<unknown> | null;
  /** Whether all input is there, where no one can be asked; by default the values of all services. */
  isComplete?(state: S): boolean;
};

/**
 * The live check of each service, started as soon as its values are complete, while the next question is on screen.
 * Where no one can be asked, Hugging Face is checked alone first: its plan can make the others pointless.
 */
export function liveChecks<S extends InterviewState>(options: LiveCheckOptions<S>): Resource<S>[] {
  const { services, isNeeded = () => true, answersIn = (state) => state.answers } = options;
  const isComplete = (state: S): boolean =>
    state.isInteractive ||
    (options.isComplete?.(state) ??
      services.every((service) => valuesFor(service, answersIn(state)) !== null));
  const waitsForHub = (state: S, service: Service): boolean =>
    !state.isInteractive &&
    service !== 'huggingface' &&
    services.includes('huggingface') &&
    isNeeded(state, 'huggingface') &&
    state.huggingface?.verdict !== 'accepted';
  return services.map((service) => ({
    id: service,
    key: (state) => {
      const values = valuesFor(service, answersIn(state));
      const isReady = isNeeded(state, service) && isComplete(state) && !waitsForHub(state, service);
      return values !== null && isReady ? [...values, state.retries[service] ?? 0] : null;
    },
    load: (state, signal) => checkLive(options, { state, answers: answersIn(state), service, signal }),
  }));
}

function valuesFor(service: Service, answers: Answers): Answer<unknown>[] | null {
  const values = requiredAnswers[service].flatMap((name): Answer<unknown>[] => {
    const answer = answers[name];
    return answer === undefined ? [] : [answer];
  });
  return values.length === requiredAnswers[service].length ? values : null;
}

async function checkLive<S extends InterviewState>(
  { session, inputs, preferences, knownVerdict }: LiveCheckOptions<S>,
  options: { state: S; answers: Answers; service: Service; signal: AbortSignal },
): Promise<Partial<S>> {
  const { state, answers, service, signal } = options;
  const { emit } = session;
  const verdict = knownVerdict?.(state, service) ?? null;
  if (verdict !== null) return { [service]: verdict } as Partial<S>;
  emit({ type: 'check-started', service });
  const { endpoints, http } = inputs;
  const probe = await probeService<Service>({
    service,
    answers,
    endpoints,
    http,
    signal,
    preferences: preferences(state),
  });
  // A verdict on a value that was taken back is not reported.
  signal.throwIfAborted();
  emit(checkDoneEvent(service, probe));
  return { [service]: probe } as Partial<S>;
}

/** The credential of a service that was accepted; throws where it was not. */
export function credentialOf<S extends Service>(state: ServiceVerdicts, service: S): Credentials[S] {
  const probe: Probe<Credentials[S]> | undefined = state[service];
  if (probe?.verdict !== 'accepted') throw new Error(`${service} has not been accepted`);
  return probe.credential;
}

/** The credentials of all services that were accepted so far. */
export function acceptedCredentials(state: ServiceVerdicts): Partial<Credentials> {
  const services = Object.keys(requiredAnswers) as Service[];
  const accepted = services.filter((service) => state[service]?.verdict === 'accepted');
  return Object.fromEntries(accepted.map((service) => [service, credentialOf(state, service)]));
}

/** The worst verdict as the Failure that ends a run: a rejection before a service that was not reached. */
export function worstVerdict(state: ServiceVerdicts, services: readonly Service[]): Failure | null {
  const failures = services.flatMap((service) => {
    const probe = state[service];
    return probe === undefined || probe.verdict === 'accepted' ? [] : [{ service, refusal: probe }];
  });
  const worst = failures.find(({ refusal }) => refusal.verdict === 'rejected') ?? failures[0];
  if (worst === undefined) return null;
  const { verdict, code, message, remedy } = worst.refusal;
  return new Failure({ kind: verdict, code, message, remedy, service: worst.service });
}
