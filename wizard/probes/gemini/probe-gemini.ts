import { defaultModels } from '../../model/server-defaults.ts';
import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { readPages } from '../../clients/read-pages.ts';
import type { Credentials, Probe, ProbeFailure } from '../../model/credential.ts';
import type { Secret } from '../../model/secret.ts';
import { explainGeminiError, isStandard, keyPage } from './gemini-errors.ts';
import { quotaOf, type GeminiQuota } from './gemini-quota.ts';
import { verdictOf, rejected } from '../rejection.ts';

/** Flash models tried after the wanted one, newest first. */
const MAX_FALLBACKS = 4;

const modelSchema = z.looseObject({
  name: z.string(),
  supportedGenerationMethods: z.array(z.string()).nullish(),
});
const listSchema = z.looseObject({
  models: z.array(modelSchema).nullish(),
  nextPageToken: z.string().nullish(),
});
/** With one token of output a thinking model sends no text, so any candidate, or none, counts as an answer. */
const answerSchema = z.looseObject({ candidates: z.array(z.looseObject({})).nullish() });
const embeddingSchema = z.looseObject({ embedding: z.looseObject({ values: z.array(z.number()).min(1) }) });

type GeminiCall = <T>(path: string, what: string, schema: z.ZodType<T>, json?: unknown) => Promise<T>;
/** `model` answered, or could not be tested for the reason in `warning`. */
type WorkingModel = { model: string; dimensions?: number; warning: string | null };

/**
 * Lists the models, then calls one to answer (a single token) and one to embed (768 dimensions), because a listed model
 * may be gone. A key whose quota is used up is accepted, with a warning.
 */
export async function probeGemini(options: {
  key: Secret;
  /** Without a slash at the end. */
  baseUrl: string;
  http: Http;
  signal: AbortSignal;
  /** Tried before the defaults. */
  answerModel?: string;
  embeddingModel?: string;
}): Promise<Probe<Credentials['gemini']>> {
  const { key, baseUrl, http, answerModel = defaultModels.answer, embeddingModel } = options;
  const embedders = [...new Set([embeddingModel ?? [], defaultModels.embeddings].flat())];
  // When one call fails, those beside it are aborted.
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  // Only as a header: newer keys fail in the query string.
  const headers = { 'x-goog-api-key': key.reveal() };
  const call: GeminiCall = (path, what, schema, json) =>
    http.request({
      service: 'gemini',
      what,
      url: `${baseUrl}/v1beta/${path}`,
      headers,
      schema,
      signal,
      ...(json !== undefined && { method: 'POST', json }),
      retry: (failure) => failure.status !== 429,
    });
  try {
    // The list is needed only when the wanted model is gone, and it is the fastest call to reject a bad key.
    const [listed, wanted, embedding] = await Promise.all([
      listModels(call),
      firstWorkingModel([answerModel], (model) => tryAnswer(call, model)),
      firstWorkingModel(embedders, (model) => tryEmbedding(call, model)),
    ]);
    const [, ...others] = answerCandidates(listed, answerModel);
    const answering = wanted ?? (await firstWorkingModel(others, (model) => tryAnswer(call, model)));
    if (answering === null) return noModel('answers', [answerModel, ...others].join(', '));
    if (embedding === null) return noModel('embeds', embedders.join(', '));
    return accept({ key, baseUrl, answering, embedding });
  } catch (error) {
    return verdictOf(error, explainGeminiError({ error, key }));
  } finally {
    halt.abort();
  }
}

function accept(options: {
  key: Secret;
  baseUrl: string;
  answering: WorkingModel;
  embedding: WorkingModel;
}): Probe<Credentials['gemini']> {
  const { key, baseUrl, answering, embedding } = options;
  const { dimensions = defaultModels.dimensions } = embedding;
  const warnings = [answering.warning, embedding.warning].filter((warning) => warning !== null);
  const models = { answerModel: answering.model, embeddingModel: embedding.model, dimensions };
  return {
    verdict: 'accepted',
    message: `${answering.model} answers, ${embedding.model} embeds (${dimensions} dimensions)`,
    credential: { key, baseUrl, ...models },
    rights: {
      needed: ['a model that answers', 'one that embeds'],
      has: [
        keyKindOf(key),
        `${models.answerModel}${triedOrNot(answering)}`,
        `${models.embeddingModel}${triedOrNot(embedding)}`,
      ],
      excess: isStandard(key) ? ['whatever else its project has turned on, unless it is restricted'] : [],
      page: keyPage,
    },
    ...(warnings.length > 0 && { warnings }),
  };
}

function keyKindOf(key: Secret): string {
  if (isStandard(key)) return 'a standard key (AIza)';
  return key.reveal().startsWith('AQ.') ? 'an AI Studio key (AQ.)' : 'a key of an unknown format';
}

function triedOrNot({ warning }: WorkingModel): string {
  return warning === null ? '' : ' (not tried)';
}

async function listModels(call: GeminiCall): Promise<z.infer<typeof modelSchema>[]> {
  const what = 'listing the models';
  return readPages({
    service: 'gemini',
    what,
    read: async (token) => {
      const from = token === null ? '' : `&pageToken=${encodeURIComponent(token)}`;
      const { models, nextPageToken } = await call(`models?pageSize=1000${from}`, what, listSchema);
      return { items: models ?? [], next: nextPageToken || null };
    },
  });
}

/** The wanted model, then listed flash models without "preview", newest first and "lite" last. */
export function answerCandidates(listed: readonly z.infer<typeof modelSchema>[], wanted: string): string[] {
  const flash = listed
    .filter((model) => model.supportedGenerationMethods?.includes('generateContent') === true)
    .map((model) => model.name.replace(/^models\//, ''))
    .flatMap((name) => {
      const [, version, lite = ''] = /^gemini-(\d+(?:\.\d+)?)-flash(-lite)?$/.exec(name) ?? [];
      return version === undefined ? [] : [{ name, version: Number(version), lite }];
    })
    .toSorted((a, b) => a.lite.length - b.lite.length || b.version - a.version)
    .map(({ name }) => name);
  return [...new Set([wanted, ...flash])].slice(0, 1 + MAX_FALLBACKS);
}

/** Null when every model is gone, or has no quota at all, for this key. */
async function firstWorkingModel(
  models: readonly string[],
  attempt: (model: string) => Promise<WorkingModel | null>,
): Promise<WorkingModel | null> {
  for (const model of models) {
    try {
      const working = await attempt(model);
      if (working !== null) return working;
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const quota = quotaOf(error);
      if (quota !== null && quota !== 'none' && quota !== 'credits')
        return { model, warning: quotaWarning(model, quota) };
      // Google can be reached; the server waits for a busy model by itself.
      if (error.status === 503)
        return { model, warning: `${model} is overloaded just now: it could not be tried.` };
      if (quota !== 'none' && error.status !== 404) throw error;
    }
  }
  return null;
}

async function tryAnswer(call: GeminiCall, model: string): Promise<WorkingModel> {
  await call(`models/${model}:generateContent`, `trying ${model}`, answerSchema, {
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { maxOutputTokens: 1 },
  });
  return { model, warning: null };
}

async function tryEmbedding(call: GeminiCall, model: string): Promise<WorkingModel | null> {
  const { embedding } = await call(`models/${model}:embedContent`, `trying ${model}`, embeddingSchema, {
    content: { parts: [{ text: 'Hi' }] },
    outputDimensionality: defaultModels.dimensions,
  });
  const dimensions = embedding.values.length;
  return dimensions === defaultModels.dimensions ? { model, dimensions, warning: null } : null;
}

function quotaWarning(model: string, per: Exclude<GeminiQuota, 'none' | 'credits'>): string {
  if (per === 'day')
    return `Today’s quota of ${model} is used up: it could not be tried, and answers no more today.`;
  if (per === 'minute') return `This minute’s quota of ${model} is used up: it could not be tried.`;
  return `A quota of ${model} is used up: it could not be tried.`;
}

function noModel(does: 'answers' | 'embeds', tried: string): ProbeFailure {
  return rejected({
    code: does === 'answers' ? 'no-answer-model' : 'no-embedding-model',
    message: `Gemini takes the key, but no model that ${does} is open to it (tried ${tried}).`,
    remedy: `Make a key in another project at ${keyPage}.`,
  });
}
