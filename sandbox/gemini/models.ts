import { retiredModel, unknownModel } from './errors.ts';

type Model = {
  id: string;
  displayName: string;
  version: string;
  inputTokenLimit: number;
  outputTokenLimit: number;
  methods: readonly string[];
  thinking?: boolean;
};

const answering = ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'];
const embedding = ['embedContent', 'countTextTokens', 'countTokens', 'asyncBatchEmbedContent'];
const flash = { inputTokenLimit: 1_048_576, outputTokenLimit: 65_536, methods: answering, thinking: true };

const models: readonly Model[] = [
  { id: 'gemini-2.5-flash', displayName: 'Gemini 2.5 Flash', version: '001', ...flash },
  { id: 'gemini-flash-latest', displayName: 'Gemini Flash Latest', version: 'Gemini Flash Latest', ...flash },
  { id: 'gemini-3.8-flash', displayName: 'Gemini 3.8 Flash', version: '3.8', ...flash },
  {
    id: 'gemini-flash-lite-latest',
    displayName: 'Gemini Flash-Lite Latest',
    version: 'Gemini Flash-Lite Latest',
    ...flash,
  },
  { id: 'gemini-3.5-flash-lite', displayName: 'Gemini 3.5 Flash-Lite', version: '3.5', ...flash },
  {
    id: 'gemini-embedding-001',
    displayName: 'Gemini Embedding 001',
    version: '001',
    inputTokenLimit: 2048,
    outputTokenLimit: 1,
    methods: embedding,
  },
  {
    id: 'gemini-embedding-2',
    displayName: 'Gemini Embedding 2',
    version: '2',
    inputTokenLimit: 8192,
    outputTokenLimit: 1,
    methods: embedding,
  },
];

/** Aliases and their models, which `modelVersion` of an answer contains. */
const aliases: Readonly<Record<string, string>> = {
  'gemini-flash-latest': 'gemini-3.8-flash',
  'gemini-flash-lite-latest': 'gemini-3.5-flash-lite',
};

/** The model behind an alias, or the model itself. */
export const versionOf = (model: string): string => aliases[model] ?? model;

/** A page of the models. `pageSize` is 50 by default, at most 1000; the token is opaque to clients. */
export function listModels({ pageSize, pageToken }: { pageSize: number; pageToken: string | null }): object {
  const from = pageToken === null ? 0 : Number(Buffer.from(pageToken, 'base64url').toString());
  const to = from + Math.min(Math.max(pageSize, 1), 1000);
  const next = to < models.length ? { nextPageToken: Buffer.from(String(to)).toString('base64url') } : {};
  return { models: models.slice(from, to).map(shownModel), ...next };
}

/** Throws 404 for an unknown model. */
export function getModel(id: string): object {
  const model = models.find((candidate) => candidate.id === id);
  if (model === undefined) throw unknownModel({ model: id, method: 'generateContent' });
  return shownModel(model);
}

/** The model of a call; throws 404 when it is unknown, retired or does not support the method. */
export function modelFor(options: { id: string; method: string; retired: ReadonlySet<string> }): Model {
  const model = models.find((candidate) => candidate.id === options.id);
  const isSupported = model?.methods.some((method) => method === options.method) ?? false;
  if (model === undefined || !isSupported) throw unknownModel({ model: options.id, method: options.method });
  if (options.retired.has(options.id)) throw retiredModel(options.id);
  return model;
}

function shownModel(model: Model): object {
  return {
    name: `models/${model.id}`,
    baseModelId: model.id,
    version: model.version,
    displayName: model.displayName,
    description: `Stand-in for ${model.displayName}, run by the rag-space-setup sandbox.`,
    inputTokenLimit: model.inputTokenLimit,
    outputTokenLimit: model.outputTokenLimit,
    supportedGenerationMethods: model.methods,
    ...(model.thinking === true
      ? { thinking: true, temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 }
      : {}),
  };
}
