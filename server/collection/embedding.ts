/**
 * How text is prepared for an embedding model. Indexing and querying must use the same recipe, so its name is stored
 * in the collection's stamp.
 */
import { headingPath } from './section.ts';

type EmbeddingRecipe = {
  format: string;
  document(parts: { title: string; text: string }): string;
  query(question: string): string;
  /** Sent as `taskType`; null for a model that takes the task as part of the text. */
  taskTypes: { document: string; query: string } | null;
};

/** gemini-embedding-2 ignores `taskType` and expects the task in front of the text (Google's embedding guide). */
const prefixRecipe: EmbeddingRecipe = {
  format: 'task-prefix-1',
  document: ({ title, text }) => `title: ${title === '' ? 'none' : title} | text: ${text}`,
  query: (question) => `task: search result | query: ${question}`,
  taskTypes: null,
};

const taskTypeRecipe: EmbeddingRecipe = {
  format: 'task-type-1',
  document: ({ title, text }) => (title === '' ? text : `${title}\n\n${text}`),
  query: (question) => question,
  taskTypes: { document: 'RETRIEVAL_DOCUMENT', query: 'RETRIEVAL_QUERY' },
};

const legacyModels = /^(?:gemini-embedding-001|text-embedding-|embedding-001)/;

function recipeOf(model: string): EmbeddingRecipe {
  return legacyModels.test(bareModel(model)) ? taskTypeRecipe : prefixRecipe;
}

/** A model's name without the API's `models/` prefix. */
export function bareModel(model: string): string {
  return model.replace(/^models\//, '');
}

/** The name of the model's recipe, as recorded in the stamp. */
export function textFormat(model: string): string {
  return recipeOf(model).format;
}

/** The model's `taskType` values; null for a model that takes none. */
export function taskTypes(model: string): { document: string; query: string } | null {
  return recipeOf(model).taskTypes;
}

/** The embedded text of one section: its heading path as the title, then its text. */
export function documentText(section: {
  model: string;
  title: string;
  headings?: readonly string[];
  content: string;
}): string {
  const title = headingPath({ title: section.title, headings: section.headings ?? [] });
  return recipeOf(section.model).document({ title, text: section.content });
}

/** The embedded text of a question. */
export function queryText({ model, question }: { model: string; question: string }): string {
  return recipeOf(model).query(question);
}

/** Qdrant stores float32, about seven digits; more digits only make requests twice as long. */
const decimalScale = 1e8;

/** The vector scaled to unit length; gemini-embedding-001 returns unit vectors only at 3072 dimensions. */
export function normalise(vector: readonly number[]): number[] {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0
    ? [...vector]
    : vector.map((value) => Math.round((value / length) * decimalScale) / decimalScale);
}
