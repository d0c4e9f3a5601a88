import type { Answers, SecretAnswer } from '../model/answers.ts';
import type { Credentials, Probe, Refusal } from '../model/credential.ts';
import { secureEndpoints, type Endpoints } from '../model/endpoints.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { services as allServices, type Service } from '../model/service.ts';
import { wantedCollection } from '../model/wanted-collection.ts';
import { probeGemini } from '../probes/gemini.ts';
import { probeHub } from '../probes/hub.ts';
import { probePostgres } from '../probes/postgres.ts';
import { probeQdrant } from '../probes/qdrant.ts';
import { probeVercel } from '../probes/vercel.ts';
import { wrongShape } from '../probes/wrong-shape.ts';

type Http = Parameters<typeof probeHub>[0]['http'];
/** What the server is to use where it may: Gemini's models, before the defaults, and the collection. */
export type Wanted = { answerModel: string | null; embeddingModel: string | null; collection: string };
type Options = { answers: Answers; endpoints: Endpoints; wanted?: Wanted; http: Http; signal: AbortSignal };
type Probes = { [S in Service]: (options: Options) => Promise<Probe<Credentials[S]>> };

const probes: Probes = {
  huggingface: ({ answers, endpoints, http, signal }) =>
    probeHub({
      token: need(answers, 'HF_TOKEN'),
      endpoint: endpoints.hf,
      space: answers.HF_SPACE?.value ?? null,
      http,
      signal,
    }),
  vercel: ({ answers, endpoints, http, signal }) =>
    probeVercel({ token: need(answers, 'VERCEL_TOKEN'), apiUrl: endpoints.vercel, http, signal }),
  gemini: ({ answers, endpoints, wanted, http, signal }) =>
    probeGemini({
      key: need(answers, 'GEMINI_API_KEY'),
      baseUrl: endpoints.gemini,
      http,
      signal,
      ...(wanted?.answerModel && { answerModel: wanted.answerModel }),
      ...(wanted?.embeddingModel && { embeddingModel: wanted.embeddingModel }),
    }),
  qdrant: ({ answers, wanted, http, signal }) =>
    probeQdrant({
      url: need(answers, 'QDRANT_URL'),
      key: answers.QDRANT_API_KEY?.value ?? null,
      collection: wanted?.collection ?? wantedCollection({}),
      http,
      signal,
    }),
  postgres: ({ answers, signal }) => probePostgres({ url: need(answers, 'DATABASE_URL'), signal }),
};

const needs: Record<Service, readonly SecretAnswer[]> = {
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
export async function checkService<S extends Service>(
  options: Options & { service: S },
): Promise<Probe<Credentials[S]>> {
  const { service, answers } = options;
  const endpoints = secureEndpoints(options.endpoints);
  for (const name of needs[service]) {
    const secret = answers[name]?.value;
    const refusal = secret === undefined ? null : wrongShape({ name, secret });
    if (refusal !== null) return refusal;
  }
  const probe: Probes[S] = probes[service];
  return probe({ ...options, endpoints });
}

/**
 * Checks every service, Hugging Face first: its plan can make the others pointless. All the others' verdicts are
 * reported before the run ends. Returns the Failure instead of the credentials: rejected before unreachable.
 */
export async function* validate<S extends Service = Service>(
  options: Options & { services?: readonly S[] },
): AsyncGenerator<RunEvent, Pick<Credentials, S> | Failure> {
  const wanted: readonly Service[] = options.services ?? allServices;
  const accepted: Partial<Record<Service, Credentials[Service]>> = {};
  for (const group of [wanted.filter(isFirst), wanted.filter((service) => !isFirst(service))]) {
    const refusals: { service: Service; refusal: Refusal }[] = [];
    for (const service of group) yield { type: 'check-started', service };
    for await (const { service, probe } of asTheyEnd(group, options)) {
      yield checkDone(service, probe);
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else refusals.push({ service, refusal: probe });
    }
    const inOrder = refusals.toSorted((a, b) => group.indexOf(a.service) - group.indexOf(b.service));
    const worst = inOrder.find(({ refusal }) => refusal.verdict === 'rejected') ?? inOrder[0];
    if (worst !== undefined) return failureOf(worst);
  }
  return accepted as Pick<Credentials, S>;
}

/** The event of a finished check; what an accepted one is to be warned of stands in `remedy`. */
export function checkDone(service: Service, probe: Probe<unknown>): RunEvent {
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
async function* asTheyEnd(
  group: readonly Service[],
  options: Options,
): AsyncGenerator<{ service: Service; probe: Probe<Credentials[Service]> }> {
  const running = new Map(
    group.map((service) => [
      service,
      checkService<Service>({ ...options, service }).then((probe) => ({ service, probe })),
    ]),
  );
  while (running.size > 0) {
    const ended = await Promise.race(running.values());
    running.delete(ended.service);
    yield ended;
  }
}

function failureOf({ service, refusal }: { service: Service; refusal: Refusal }): Failure {
  const { verdict, code, message, remedy } = refusal;
  return new Failure({ kind: verdict, code, message, remedy, service });
}

function need(answers: Answers, name: SecretAnswer): Secret {
  const given = answers[name];
  if (given !== undefined) return given.value;
  throw new Failure({
    kind: 'input-missing',
    code: 'input-missing',
    message: `${name} is missing.`,
    remedy: `Set ${name}, or put it into a file for --env-file.`,
  });
}
