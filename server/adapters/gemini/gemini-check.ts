import { failedCheck, type ServiceCheck } from '../../chat/service-check.ts';
import { bareModel } from '../../collection/embedding.ts';
import { geminiFailure, geminiUnreachable, readGeminiError } from './gemini-failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';

/** Requests both models by name: verifies the key and that they exist, without spending quota. */
export function geminiCheck({
  apiKey,
  baseUrl,
  answerModel,
  embeddingModel,
  agent,
}: {
  apiKey: string;
  baseUrl: string;
  answerModel: string;
  embeddingModel: string;
  agent: KeepAliveAgent;
}): ServiceCheck {
  const facts = { model: bareModel(answerModel), embedding_model: bareModel(embeddingModel) };

  async function checkModel(model: string, signal: AbortSignal): Promise<void> {
    const { status, text } = await sendRequest(agent, {
      url: `${baseUrl.replace(/\/+$/, '')}/v1beta/models/${encodeURIComponent(model)}`,
      method: 'GET',
      headers: { 'x-goog-api-key': apiKey },
      signal,
    }).catch((cause: unknown): never => {
      throw geminiUnreachable(cause);
    });
    if (status !== 200) throw geminiFailure(readGeminiError(status, text), { model });
    if (!/"name"\s*:/.test(text)) throw geminiUnreachable(new Error('not an answer of the Gemini API'));
  }

  return {
    service: 'gemini',
    async check({ signal }) {
      try {
        await Promise.all([checkModel(facts.model, signal), checkModel(facts.embedding_model, signal)]);
        return { ok: true, status: 'ok', facts };
      } catch (error) {
        return failedCheck(error, facts);
      }
    },
  };
}
