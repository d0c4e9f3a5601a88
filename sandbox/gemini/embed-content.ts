import type { RouteCall } from '../exchange/serve-routes.ts';
import { embedText, fullDimensions } from './embed-text.ts';
import { invalidArgument } from './errors.ts';
import { modelFor } from './models.ts';
import { batchEmbedBody, embedBody, parseBody, textOf, type EmbedBody } from './requests.ts';
import { countRequest, type GeminiState } from './state.ts';

const maxBatchSize = 100;
const charactersPerToken = 4;

export function embedContent(world: GeminiState, call: RouteCall): object {
  const id = call.params['model'] ?? '';
  const model = modelFor({ id, method: 'embedContent', gone: world.retired });
  const body = parseBody({ schema: embedBody, kind: 'embed' }, call.json);
  countRequest(world, { metric: 'embed_content', model: id, requests: 1 });
  return {
    embedding: { values: vectorOf(body, { id, limit: model.inputTokenLimit, at: 'EmbedContentRequest' }) },
  };
}

/** At most 100 items, each naming the model again. */
export function batchEmbedContents(world: GeminiState, call: RouteCall): object {
  const id = call.params['model'] ?? '';
  const model = modelFor({ id, method: 'embedContent', gone: world.retired });
  const { requests } = parseBody({ schema: batchEmbedBody, kind: 'batch' }, call.json);
  if (requests.length === 0)
    throw invalidArgument('* BatchEmbedContentsRequest.requests: contents is not specified\n');
  if (requests.length > maxBatchSize) {
    throw invalidArgument(
      `* BatchEmbedContentsRequest.requests: at most ${maxBatchSize} requests can be in one batch\n`,
    );
  }
  requests.forEach((one, at) => {
    if (one.model === `models/${id}`) return;
    throw invalidArgument(
      `* BatchEmbedContentsRequest.requests[${at}].model: ${
        one.model === undefined ? 'model is required' : 'all requests must name the model of the batch'
      }\n`,
    );
  });
  countRequest(world, { metric: 'embed_content', model: id, requests: requests.length });
  const embeddings = requests.map((one, at) => ({
    values: vectorOf(one, {
      id,
      limit: model.inputTokenLimit,
      at: `BatchEmbedContentsRequest.requests[${at}]`,
    }),
  }));
  return { embeddings };
}

/** Several parts of one content make one vector; text beyond the model's limit is not read. */
function vectorOf(body: EmbedBody, { id, limit, at }: { id: string; limit: number; at: string }): number[] {
  const text = body.content === undefined ? '' : textOf(body.content);
  if (text.trim() === '') throw invalidArgument(`* ${at}.content: contents is not specified\n`);
  const dimensions = body.outputDimensionality ?? fullDimensions;
  if (dimensions < 1 || dimensions > fullDimensions) {
    throw invalidArgument(`* ${at}.output_dimensionality: must be between 1 and ${fullDimensions}\n`);
  }
  const whole = body.title === undefined ? text : `${body.title}\n${text}`;
  return embedText({ model: id, text: whole.slice(0, limit * charactersPerToken), dimensions });
}
