import type { Answers, SecretAnswer } from '../model/answers.ts';
import type { Credentials, Probe, ProbeFailure } from '../model/credential.ts';
import { secureEndpoints, type Endpoints } from '../model/formats/endpoints.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { services as allServices, type Service } from '../model/service.ts';
import { configuredCollection } from '../model/wanted-collection.ts';
import { probeGemini } from './gemini/probe-gemini.ts';
import { probeHub } from './huggingface/probe-hub.ts';
import { probePostgres } from './postgres/probe-postgres.ts';
import { probeQdrant } from './qdrant/probe-qdrant.ts';
import { probeVercel } from './vercel/probe-vercel.ts';
import { rejectWrongFormat } from './wrong-format.ts';

type Http = Parameters<typeof probeHub>[0]['http'];
/** What the server is to use where it may: Gemini's models, before the defaults, and the collection. */
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
  gemini: ({ answers, endpoints, preferences: wanted, http, signal }) =>
    probeGemini({
      key: requireAnswer(answers, 'GEMINI_API_KEY'),
      baseUrl: endpoints.gemini,
      http,
      signal,
      ...(wanted?.answerModel && { answerModel: wanted.answerModel }),
      ...(wanted?.embeddingModel && { embeddingModel: wanted.embeddingModel }),
    }),
  qdrant: ({ answers, preferences: wanted, http, signal }) =>
    probeQdrant({
      url: requireAnswer(answers, 'QDRANT_URL'),
      key: answers.QDRANT_API_KEY?.value ?? null,
      collection: wanted?.collection ?? configuredCollection({}),
      http,
      signal,
    }),
  postgres: ({ answers, signal }) => probePostgres({ url: requireAnswer(answers, 'DATABASE_URL'), signal }),
};

const requiredAnswers: Record<Service, readonly SecretAnswer[]> = {
  huggingface: ['HF_TOKEN'],
  vercel: ['VERCEL_TOKEN'],
  gemini: ['GEMINI_API_KEY'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY'],
  postgres: ['DATABASE_URL'],
};

/**
 * One service's check. A value that is plainly something else is rejected unsent: no vendor sees another's key.
 * Throws Failure `input-missing` without its answers and `insecure-endpoint`, or the reason when cancelled.
 */
export async function probeService<S extends Service>(
  options: ProbeOptions & { service: S },
): Promise<Probe<Credentials[S]>> {
  const { service, answers } = options;
  const endpoints = secureEndpoints(options.endpoints);
  for (const name of requiredAnswers[service]) {
    const secret = answers[name]?.value;
    const refusal = secret === undefined ? null : rejectWrongFormat({ name, secret });
    if (refusal !== null) return refusal;
  }
  const probe: Probes[S] = probes[service];
  return probe({ ...options, endpoints });
}

/**
 * Checks every service, Hugging Face first: its plan can make the others pointless. All the others' verdicts are
 * reported before the run ends. Returns the Failure instead of the credentials: rejected before unreachable.
 */
export async function* runProbes<S extends Service = Service>(
  options: ProbeOptions & { services?: readonly S[] },
): AsyncGenerator<RunEvent, Pick<Credentials, S> | Failure> {
  const wanted: readonly Service[] = options.services ?? allServices;
  const accepted: Partial<Record<Service, Credentials[Service]>> = {};
  for (const group of [wanted.filter(isFirst), wanted.filter((service) => !isFirst(service))]) {
    const refusals: { service: Service; refusal: ProbeFailure }[] = [];
    for (const service of group) yield { type: 'check-started', service };
    for await (const { service, probe } of inCompletionOrder(group, options)) {
      yield checkDoneEvent(service, probe);
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else refusals.push({ service, refusal: probe });
    }
    const inOrder = refusals.toSorted((a, b) => group.indexOf(a.service) - group.indexOf(b.service));
    const worst = inOrder.find(({ refusal }) => refusal.verdict === 'rejected') ?? inOrder[0];
    if (worst !== undefined) return failureFromVerdict(worst);
  }
  return accepted as Pick<Credentials, S>;
}

/** The event of a finished check; what an accepted one is to be warned of stands in `remedy`. */
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
    const ended = await Promise.race(running.values());
    running.delete(ended.service);
    yield ended;
  }
}

function failureFromVerdict({ service, refusal }: { service: Service; refusal: ProbeFailure }): Failure {
  const { verdict, code, message, remedy } = refusal;
  return new Failure({ kind: verdict, code, message, remedy, service });
}

function requireAnswer(answers: Answers, name: SecretAnswer): Secret {
  const given = answers[name];
  if (given !== undefined) return given.value;
  throw new Failure({
    kind: 'input-missing',
    code: 'input-missing',
    message: `${name} is missing.`,
    remedy: `Set ${name}, or put it into a file for --env-file.`,
  });
}
