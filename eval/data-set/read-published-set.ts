import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { sectionsFromDocuments, type DataSet, type EvalDocument, type EvalQuestion } from './data-set.ts';

/** The names under which published sets keep the same thing, the most exact first. */
const fields = {
  id: ['_id', 'id', 'doc_id', 'docid', 'chunk_id', 'query_id', 'qid', 'original_uuid', 'chunk_link'],
  heading: ['heading', 'chunk_heading', 'title'],
  text: ['text', 'content', 'contents', 'code', 'passage'],
  url: ['url', 'chunk_link', 'link'],
  question: ['question', 'query'],
  relevant: ['relevant', 'correct_chunks', 'golden_chunk_uuids', 'relevant_docs', 'positives'],
  answer: ['correct_answer', 'answer', 'reference_answer', 'ground_truth'],
} as const;

type Value = string | number | null;
const row = z.record(z.string(), z.unknown());
type Row = z.infer<typeof row>;

/**
 * Reads the folder of a published set as it was published. Records differ by their fields: a question has a
 * question, a document has a text, or `chunks` that have one. In BEIR's form, files differ by their names, and
 * what is relevant is in `qrels`. Throws an Error that says what is missing.
 */
export async function readPublishedSet({
  dir,
  signal,
}: {
  dir: string;
  signal: AbortSignal;
}): Promise<DataSet> {
  const files = (await readdir(dir, { recursive: true })).map((name) => join(dir, name)).toSorted();
  const qrels = await readQrels(files, signal);
  const documents: EvalDocument[] = [];
  const questions: EvalQuestion[] = [];
  for (const file of files.filter((name) => /\.jsonl?$/.test(name)))
    for (const record of await rowsIn(file, signal)) {
      const isQuestion = /^quer(?:y|ies)\b/.test(basename(file)) || textIn(record, fields.question) !== null;
      if (isQuestion) questions.push(...questionFrom(record, { at: questions.length, qrels }));
      else documents.push(...documentsFrom(record));
    }
  if (documents.length === 0 || questions.length === 0)
    throw new Error(
      `${dir} has ${documents.length} documents and ${questions.length} questions with what is relevant to them (docs/eval.md).`,
    );
  return { name: basename(dir), sections: sectionsFromDocuments(withUniqueIds(documents)), questions };
}

async function rowsIn(file: string, signal: AbortSignal): Promise<Row[]> {
  const text = await readFile(file, { encoding: 'utf8', signal });
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    const value: unknown = file.endsWith('l')
      ? lines.map((line): unknown => JSON.parse(line))
      : JSON.parse(text);
    return z.array(row).parse(value);
  } catch (error) {
    throw new Error(`${file} is not a list of records: ${String(error)}`, { cause: error });
  }
}

type Qrels = ReadonlyMap<string, ReadonlySet<string>>;

/** BEIR's `qrels/test.tsv` (or its only one) with a header, or TREC's four columns; null where there is none. */
async function readQrels(files: readonly string[], signal: AbortSignal): Promise<Qrels | null> {
  const candidates = files.filter((file) => /qrels?\b.*(?:\.tsv|\.txt)$/.test(file));
  const file = candidates.find((name) => basename(name) === 'test.tsv') ?? candidates[0];
  if (file === undefined) return null;
  const relevant = new Map<string, Set<string>>();
  for (const line of (await readFile(file, { encoding: 'utf8', signal })).split('\n')) {
    const columns = line.trim().split(/\s+/);
    const [query = '', document = '', score = ''] = columns.length === 4 ? columns.toSpliced(1, 1) : columns;
    if (Number(score) > 0) relevant.set(query, (relevant.get(query) ?? new Set()).add(document));
  }
  return relevant;
}

/** None for a question of which the set does not say what is relevant. */
function questionFrom(record: Row, { at, qrels }: { at: number; qrels: Qrels | null }): EvalQuestion[] {
  const id = textIn(record, fields.id) ?? `${at + 1}`;
  const listed = z
    .array(z.unknown())
    .safeParse(fields.relevant.map((name) => record[name]).find(Boolean)).data;
  const relevant =
    qrels === null
      ? listed?.map(namesIn)
      : qrels.has(id)
        ? [...(qrels.get(id) ?? [])].map((name) => [name])
        : undefined;
  const question = textIn(record, [...fields.question, ...fields.text]);
  if (relevant === undefined || question === null) return [];
  const answer = textIn(record, fields.answer);
  return [
    {
      id,
      question,
      after: null,
      kind: 'plain',
      half: at % 2 === 0 ? 'tuning' : 'held-out',
      relevant,
      answer,
    },
  ];
}

/** A name, a list of names of which one is enough, or a document and the number of its chunk. */
function namesIn(entry: unknown): string[] {
  const list = Array.isArray(entry) ? entry : [entry];
  const isChunk = list.length === 2 && typeof list[0] === 'string' && typeof list[1] === 'number';
  return isChunk ? [`${list[0]}#${list[1]}`] : list.map(String);
}

/** One document, or its chunks, which are neighbours. */
function documentsFrom(record: Row, parent: { id: string; heading: string[] } | null = null): EvalDocument[] {
  const id = textIn(record, fields.id);
  const chunks = z.array(row).safeParse(record['chunks']).data;
  if (chunks !== undefined) {
    const whole = textIn(record, ['original_uuid', ...fields.id]) ?? '';
    return chunks.flatMap((chunk) => documentsFrom(chunk, { id: whole, heading: headingIn(record) }));
  }
  const text = textIn(record, fields.text);
  if (text === null || id === null) return [];
  const index = record['original_index'] ?? record['index'];
  const name = parent !== null && typeof index === 'number' ? `${parent.id}#${index}` : id;
  const url = textIn(record, fields.url) ?? (parent === null ? '' : name);
  return [{ id: name, url, heading: [...(parent?.heading ?? []), ...headingIn(record)], text }];
}

function headingIn(record: Row): string[] {
  const value = fields.heading.map((name) => record[name]).find(Boolean);
  return (Array.isArray(value) ? value : [value]).filter(
    (heading): heading is string => typeof heading === 'string',
  );
}

function textIn(record: Row, names: readonly string[]): string | null {
  const value = names
    .map((name) => record[name] as Value)
    .find((entry) => entry !== undefined && entry !== null);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** A set may have two texts under one name; a question that names it means either. */
function withUniqueIds(documents: readonly EvalDocument[]): EvalDocument[] {
  const uses = new Map<string, number>();
  return documents.map((document) => {
    const use = (uses.get(document.id) ?? 0) + 1;
    uses.set(document.id, use);
    return use === 1
      ? document
      : { ...document, id: `${document.id} (${use})`, url: document.url || document.id };
  });
}
