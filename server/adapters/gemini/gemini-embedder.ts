import type { BatchEmbedContentsRequest, EmbedContentRequest, GenerativeModel } from '@google/generative-ai';
import * as z from 'zod';
import { withDeadline } from '../../chat/resilience/deadline.ts';
import { ServerFailure } from '../../failure.ts';
import { bareModel, documentText, normalise, queryText, taskTypes } from '../../collection/embedding.ts';
import type { Embedder } from '../../collection/ports.ts';
import { geminiFailure, geminiUnreachable, readGeminiError } from './gemini-failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';

/** The API rejects a larger batch with a 400. */
const batchLimit = 100;

type EmbedRequest = EmbedContentRequest & { outputDimensionality: number };

/** Deadline of a batch in milliseconds: the package has none. */
const batchTimeoutMs = 60_000;

/**
 * Embeds with Google's `@google/generative-ai`, which has reached its end of life: only this file imports it. Fields
 * that its types lack are passed through. Vectors have unit length. With `agent`, questions use connections that stay
 * open; the package's `fetch` drops idle ones after four seconds. Throws a ServerFailure.
 */
export function createGeminiEmbedder({
  apiKey,
  baseUrl,
  model,
  dimensions,
  agent,
}: {
  apiKey: string;
  baseUrl: string;
  model: string;
  dimensions: number;
  agent?: KeepAliveAgent;
}): Embedder {
  const name = bareModel(model);
  const tasks = taskTypes(name);
  let loaded: Promise<GenerativeModel> | undefined;

  /** Loaded on first use, to keep it out of the server's start. */
  async function load(): Promise<GenerativeModel> {
    const { GoogleGenerativeAI } = await import('@google/generative-ai');
    return new GoogleGenerativeAI(apiKey).getGenerativeModel(
      { model: name },
      { baseUrl: baseUrl.replace(/\/+$/, '') },
    );
  }

  function requestFor(text: string, task: string | undefined): EmbedRequest {
    return {
      content: { role: 'user', parts: [{ text }] },
      outputDimensionality: dimensions,
      ...(task === undefined ? {} : { taskType: task }),
    } as EmbedRequest;
  }

  function unit(values: readonly number[] | undefined): number[] {
    if (values?.length !== dimensions)
      throw new ServerFailure({
        code: 'gemini-dimensions-differ',
        message: `The model ${name} returns ${values?.length ?? 0} dimensions, not ${dimensions}.`,
        remedy: 'Set GEMINI_EMBEDDING_MODEL to a model that honours the requested size.',
      });
    return normalise(values);
  }

  async function run<T>(signal: AbortSignal, work: (open: GenerativeModel) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await work(await (loaded ??= load()));
    } catch (error) {
      signal.throwIfAborted();
      throw embedderFailure(error, name);
    }
  }

  async function embedBatch(requests: EmbedRequest[], signal: AbortSignal): Promise<number[][]> {
    if (requests.length > batchLimit) throw new RangeError(`at most ${batchLimit} texts a call`);
    if (requests.length === 0) return [];
    const batch = { requests } satisfies BatchEmbedContentsRequest;
    const { embeddings } = await withDeadline({ signal, ms: batchTimeoutMs, service: 'gemini' }, (limited) =>
      run(signal, (open) => open.batchEmbedContents(batch, { signal: limited })),
    );
    if (embeddings?.length !== requests.length)
      throw geminiUnreachable(new Error('batch came back incomplete'));
    return embeddings.map(({ values }) => unit(values));
  }

  return {
    model: name,
    dimensions,
    async embedQuery({ text, signal }) {
      const request = requestFor(queryText({ model: name, question: text }), tasks?.query);
      if (agent === undefined) {
        const { embedding } = await run(signal, (open) => open.embedContent(request, { signal }));
        return unit(embedding?.values);
      }
      return unit(await embedOverAgent(agent, { apiKey, baseUrl, model: name, request, signal }));
    },
    embedQueries: ({ texts, signal }) =>
      embedBatch(
        texts.map((text) => requestFor(queryText({ model: name, question: text }), tasks?.query)),
        signal,
      ),
    embedDocuments: ({ documents, signal }) =>
      embedBatch(
        documents.map(({ title, text }) =>
          requestFor(documentText({ model: name, title, content: text }), tasks?.document),
        ),
        signal,
      ),
  };
}

/** Checks the whole vector at once: `z.array` allocates for each number. */
const vectorValues = z.custom<number[]>(
  (values) => Array.isArray(values) && values.every((value) => Number.isFinite(value)),
);
const embedResponse = z.looseObject({ embedding: z.looseObject({ values: vectorValues }) });

/** `models.embedContent` of the Gemini REST API. */
async function embedOverAgent(
  agent: KeepAliveAgent,
  options: { apiKey: string; baseUrl: string; model: string; request: EmbedRequest; signal: AbortSignal },
): Promise<number[]> {
  const { apiKey, baseUrl, model, request, signal } = options;
  try {
    const { status, text } = await sendRequest(agent, {
      url: `${baseUrl.replace(/\/+$/, '')}/v1beta/models/${encodeURIComponent(model)}:embedContent`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey },
      body: JSON.stringify(request),
      signal,
    });
    if (status !== 200) throw geminiFailure(readGeminiError(status, text), { model });
    return embedResponse.parse(JSON.parse(text)).embedding.values;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ServerFailure ? error : geminiUnreachable(error);
  }
}

function embedderFailure(error: unknown, model: string): ServerFailure {
  if (error instanceof ServerFailure) return error;
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number')
    return geminiUnreachable(error);
  const details = 'errorDetails' in error && Array.isArray(error.errorDetails) ? error.errorDetails : [];
  return geminiFailure(
    { status: error.status, message: error.message, details: details as Record<string, unknown>[] },
    { model },
  );
}
