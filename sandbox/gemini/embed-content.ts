import type { RouteCall } from '../exchange/serve-routes.ts';
import { embedText, fullDimensions } from './embed-text.ts';
import { invalidArgument } from './errors.ts';
import { modelFor } from './models.ts';
import { batchEmbedBody, embedBody, parseBody, textOf, type EmbedBody } from './requests.ts';
import { countRequest, type GeminiState } from './state.ts';

const maxBatchSize = 100;
const charactersPerToken = 4;

/** `:embedContent`: one vector. */
export function embedContent(state: GeminiState, call: RouteCall): object {
  const id = call.params['model'] ?? '';
  const model = modelFor({ id, method: 'embedContent', retired: state.retired });
  const body = parseBody({ schema: embedBody, kind: 'embed' }, call.json);
  countRequest(state, { metric: 'embed_content', model: id, requests: 1 });
  return {
    embedding: { values: vectorOf(body, { id, limit: model.inputTokenLimit, at: 'EmbedContentRequest' }) },
  };
}

/** `:batchEmbedContents`: at most 100 items, each of which repeats the model. */
export function batchEmbedContents(state: GeminiState, call: RouteCall): object {
  const id = call.params['model'] ?? '';
  const model = modelFor({ id, method: 'embedContent', retired: state.retired });
  const { requests } = parseBody({ schema: batchEmbedBody, kind: 'batch' }, call.json);
  if (requests.length === 0)
    throw invalidArgument('* BatchEmbedContentsRequest.requests: contents is not specified\n');
  if (requests.length > maxBatchSize) {
    throw invalidArgument(
      `* BatchEmbedContentsRequest.requests: at most ${maxBatchSize} requests can be in one batch\n`,
    );
  }
  requests.forEach((request, index) => {
    if (request.model === `models/${id}`) return;
    throw invalidArgument(
      `* BatchEmbedContentsRequest.requests[${index}].model: ${
        request.model === undefined ? 'model is required' : 'all requests must name the model of the batch'
      }\n`,
    );
  });
  countRequest(state, { metric: 'embed_content', model: id, requests: requests.length });
  const embeddings = requests.map((request, index) => ({
    values: vectorOf(request, {
      id,
      limit: model.inputTokenLimit,
      at: `BatchEmbedContentsRequest.requests[${index}]`,
    }),
  }));
  return { embeddings };
}

/** One vector for all parts of a content; text beyond the model's limit is ignored. */
function vectorOf(
  body: EmbedBody,
  { id, limit, at: path }: { id: string; limit: number; at: string },
): number[] {
  const text = body.content === undefined ? '' : textOf(body.content);
  if (text.trim() === '') throw invalidArgument(`* ${path}.content: contents is not specified\n`);
  const dimensions = body.outputDimensionality ?? fullDimensions;
  if (dimensions < 1 || dimensions > fullDimensions) {
    throw invalidArgument(`* ${path}.output_dimensionality: must be between 1 and ${fullDimensions}\n`);
  }
  const fullText = body.title === undefined ? text : `${body.title}\n${text}`;
  return embedText({ model: id, text: fullText.slice(0, limit * charactersPerToken), dimensions });
}
