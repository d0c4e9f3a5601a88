import { configuredCollection } from '../model/server-defaults.ts';
import type { Http } from '../clients/http.ts';
import type { Answers, SecretAnswer } from '../model/answers.ts';
import type { ClusterAccess, Credentials, Probe } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import { secureEndpoints, type Endpoints } from '../model/formats/endpoints.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Secret } from '../model/secret.ts';
import type { Service } from '../model/service.ts';
import { probeGemini } from './gemini/probe-gemini.ts';
import { probeHub } from './huggingface/probe-hub.ts';
import { probePostgres } from './postgres/probe-postgres.ts';
import { probeQdrant } from './qdrant/probe-qdrant.ts';
import { requiredAnswers } from './required-answers.ts';
import { probeVercel } from './vercel/probe-vercel.ts';
import { rejectWrongFormat } from './wrong-format.ts';

/** What a check tries first: Gemini's models, before the defaults, and the collection, with what is done to it. */
export type ProbePreferences = {
  answerModel: string | null;
  embeddingModel: string | null;
  collection: string;
  clusterUse: ClusterAccess;
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
      use: preferences?.clusterUse ?? 'write',
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
