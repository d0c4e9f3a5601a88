import type { BatchEmbedContentsRequest, EmbedContentRequest, GenerativeModel } from '@google/generative-ai';
import { z } from 'zod';
import { withDeadline } from '../../chat/resilience/deadline.ts';
import { Failure } from '../../failure.ts';
import { bareModel, documentText, normalise, queryText, taskTypes } from '../../collection/embedding.ts';
import type { Embedder } from '../../collection/ports.ts';
import { geminiFailure, geminiUnreachable, readGeminiError } from './gemini-failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';

/** The API refuses a larger batch with a 400. */
const batchLimit = 100;

type EmbedRequest = EmbedContentRequest & { outputDimensionality: number };

/** Longest wait for a batch of vectors, milliseconds: the package has no deadline of its own. */
const batchTimeoutMs = 60_000;

/**
 * Embeddings by Google's `@google/generative-ai`, which is at its end of life: this file alone imports it. The
 * fields that its types lack pass through untouched. Vectors come back at unit length. With `keepAlive` questions
 * go over kept connections, which the package's `fetch` drops after four seconds. Throws a Failure.
 */
export function createGeminiEmbedder({
  apiKey,
  baseUrl,
  model,
  dimensions,
  keepAlive,
}: {
  apiKey: string;
  baseUrl: string;
  model: string;
  dimensions: number;
  keepAlive?: KeepAliveAgent;
}): Embedder {
  const name = bareModel(model);
  const tasks = taskTypes(name);
  let loaded: Promise<GenerativeModel> | undefined;

  /** Loaded on first use, so that a server listens before it pays for it. */
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
      throw new Failure({
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

  return {
    model: name,
    dimensions,
    async embedQuery({ text, signal }) {
      const request = requestFor(queryText({ model: name, question: text }), tasks?.query);
      if (keepAlive === undefined) {
        const { embedding } = await run(signal, (open) => open.embedContent(request, { signal }));
        return unit(embedding?.values);
      }
      return unit(await embedOverAgent(keepAlive, { apiKey, baseUrl, model: name, request, signal }));
    },
    async embedDocuments({ documents, signal }) {
      if (documents.length > batchLimit) throw new RangeError(`at most ${batchLimit} documents a call`);
      if (documents.length === 0) return [];
      const requests = documents.map(({ title, text }) =>
        requestFor(documentText({ model: name, title, content: text }), tasks?.document),
      );
      const batch = { requests } satisfies BatchEmbedContentsRequest;
      const { embeddings } = await withDeadline(
        { signal, ms: batchTimeoutMs, service: 'gemini' },
        (limited) => run(signal, (open) => open.batchEmbedContents(batch, { signal: limited })),
      );
      if (embeddings?.length !== documents.length)
        throw geminiUnreachable(new Error('batch came back incomplete'));
      return embeddings.map(({ values }) => unit(values));
    },
  };
}

/** One check for the whole vector: `z.array` allocates for each of its numbers. */
const vectorValues = z.custom<number[]>(
  (values) => Array.isArray(values) && values.every((value) => Number.isFinite(value)),
);
const embedResponse = z.looseObject({ embedding: z.looseObject({ values: vectorValues }) });

/** `models.embedContent` of the Gemini API, by plain REST. */
async function embedOverAgent(
  keepAlive: KeepAliveAgent,
  asked: { apiKey: string; baseUrl: string; model: string; request: EmbedRequest; signal: AbortSignal },
): Promise<number[]> {
  const { apiKey, baseUrl, model, request, signal } = asked;
  try {
    const { status, text } = await sendRequest(keepAlive, {
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
    throw error instanceof Failure ? error : geminiUnreachable(error);
  }
}

function embedderFailure(error: unknown, model: string): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number')
    return geminiUnreachable(error);
  const details = 'errorDetails' in error && Array.isArray(error.errorDetails) ? error.errorDetails : [];
  return geminiFailure(
    { status: error.status, message: error.message, details: details as Record<string, unknown>[] },
    { model },
  );
}
