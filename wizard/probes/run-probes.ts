import type { Http } from '../clients/http.ts';
import type { Answers, SecretAnswer } from '../model/answers.ts';
import type { Credentials, Probe, ProbeFailure } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import { secureEndpoints, type Endpoints } from '../model/formats/endpoints.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Secret } from '../model/secret.ts';
import { services as allServices, type Service } from '../model/service.ts';
import { configuredCollection } from '../model/wanted-collection.ts';
import { probeGemini } from './gemini/probe-gemini.ts';
import { probeHub } from './huggingface/probe-hub.ts';
import { probePostgres } from './postgres/probe-postgres.ts';
import { probeQdrant } from './qdrant/probe-qdrant.ts';
import { requiredAnswers } from './required-answers.ts';
import { probeVercel } from './vercel/probe-vercel.ts';
import { rejectWrongFormat } from './wrong-format.ts';

/** What a check tries first: Gemini's models, before the defaults, and the collection. */
export type ProbePreferences = {
  answerModel: string | null;
  embeddingModel: string | null;
  collection: string;
};

type ProbeOptions = {
  answers: Answers;
  endpoints: Endpoints;
  preferences?: ProbePreferences;
  http: Http;
  signal: AbortSignal;
};
type Probes = { [S in Service]: (options: ProbeOptions) => Promise<Probe<Credentials[S]>> };

const probes: Probes = {
  huggingface: ({ answers, endpoints, http, signal }) =>
    probeHub({
      token: requireAnswer(answers, 'HF_TOKEN'),
      endpoint: endpoints.hf,
      space: answers.HF_SPACE?.value ?? null,
      http,
      signal,
    }),
  vercel: ({ answers, endpoints, http, signal }) =>
    probeVercel({ token: requireAnswer(answers, 'VERCEL_TOKEN'), apiUrl: endpoints.vercel, http, signal }),
  gemini: ({ answers, endpoints, preferences, http, signal }) =>
    probeGemini({
      key: requireAnswer(answers, 'GEMINI_API_KEY'),
      baseUrl: endpoints.gemini,
      http,
      signal,
      ...(preferences?.answerModel && { answerModel: preferences.answerModel }),
      ...(preferences?.embeddingModel && { embeddingModel: preferences.embeddingModel }),
    }),
  qdrant: ({ answers, preferences, http, signal }) =>
    probeQdrant({
      url: requireAnswer(answers, 'QDRANT_URL'),
      key: answers.QDRANT_API_KEY?.value ?? null,
      collection: preferences?.collection ?? configuredCollection({}),
      http,
      signal,
    }),
  postgres: ({ answers, signal }) => probePostgres({ url: requireAnswer(answers, 'DATABASE_URL'), signal }),
};

/**
 * One service's check. A value that is plainly something else is rejected unsent, so that no vendor sees another's key.
 *
 * @throws Failure `input-missing` without its answers and `insecure-endpoint`, or the signal's reason when aborted.
 */
export async function probeService<S extends Service>(
  options: ProbeOptions & { service: S },
): Promise<Probe<Credentials[S]>> {
  const { service, answers } = options;
  const endpoints = secureEndpoints(options.endpoints);
  for (const name of requiredAnswers[service]) {
    const value = answers[name]?.value;
    const rejection = value instanceof Secret ? rejectWrongFormat({ name, secret: value }) : null;
    if (rejection !== null) return rejection;
  }
  const probe: Probes[S] = probes[service];
  return probe({ ...options, endpoints });
}

/**
 * Checks every service, Hugging Face first, because its plan can make the others pointless. All verdicts of a group
 * are reported before the run ends.
 *
 * @returns the credentials, or the Failure: a rejected service before one that is unreachable.
 */
export async function* runProbes<S extends Service = Service>(
  options: ProbeOptions & { services?: readonly S[] },
): AsyncGenerator<RunEvent, Pick<Credentials, S> | Failure> {
  const services: readonly Service[] = options.services ?? allServices;
  const accepted: Partial<Record<Service, Credentials[Service]>> = {};
  for (const group of [services.filter(isFirst), services.filter((service) => !isFirst(service))]) {
    const failures: { service: Service; failure: ProbeFailure }[] = [];
    for (const service of group) yield { type: 'check-started', service };
    for await (const { service, probe } of inCompletionOrder(group, options)) {
      yield checkDoneEvent(service, probe);
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else failures.push({ service, failure: probe });
    }
    const inOrder = failures.toSorted((a, b) => group.indexOf(a.service) - group.indexOf(b.service));
    const worst = inOrder.find(({ failure }) => failure.verdict === 'rejected') ?? inOrder[0];
    if (worst !== undefined) return toFailure(worst);
  }
  return accepted as Pick<Credentials, S>;
}

/** The event of a finished check; `remedy` carries the warnings of an accepted one. */
export function checkDoneEvent(service: Service, probe: Probe<unknown>): RunEvent {
  if (probe.verdict !== 'accepted') {
    const { verdict, code, message, remedy } = probe;
    return { type: 'check-done', service, verdict, code, message, remedy };
  }
  const { verdict, message, rights, warnings = [] } = probe;
  const remedy = warnings.join(' ');
  return {
    type: 'check-done',
    service,
    verdict,
    code: remedy === '' ? 'accepted' : 'accepted-with-warning',
    message,
    remedy,
    rights,
  };
}

function isFirst(service: Service): boolean {
  return service === 'huggingface';
}

/** Runs the checks side by side and yields each as it ends. */
async function* inCompletionOrder(
  group: readonly Service[],
  options: ProbeOptions,
): AsyncGenerator<{ service: Service; probe: Probe<Credentials[Service]> }> {
  const running = new Map(
    group.map((service) => [
      service,
      probeService<Service>({ ...options, service }).then((probe) => ({ service, probe })),
    ]),
  );
  while (running.size > 0) {
    const next = await Promise.race(running.values());
    running.delete(next.service);
    yield next;
  }
}

function toFailure({ service, failure }: { service: Service; failure: ProbeFailure }): Failure {
  const { verdict, code, message, remedy } = failure;
  return new Failure({ kind: verdict, code, message, remedy, service });
}

function requireAnswer(answers: Answers, name: SecretAnswer): Secret {
  const answer = answers[name];
  if (answer !== undefined) return answer.value;
  throw new Failure({
    kind: 'input-missing',
    code: 'input-missing',
    message: `${name} is missing.`,
    remedy: `Set ${name}, or put it into a file for --env-file.`,
  });
}
