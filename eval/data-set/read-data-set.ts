import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import type { Section } from '../../server/collection/section.ts';
import { sectionsFromDocuments, type DataSet, type EvalQuestion } from './data-set.ts';
import { readPublishedSet } from './read-published-set.ts';

/** Published sets have numbers, too. */
const idOf = z.union([z.string(), z.number()]).transform(String);

/** Unknown fields are ignored: published sets have their own. */
const document = z.object({
  id: idOf,
  url: z
    .string()
    .nullish()
    .transform((url) => url ?? ''),
  /** One heading, or the path of headings, outermost first. */
  heading: z
    .union([z.string().transform((heading) => [heading]), z.array(z.string())])
    .nullish()
    .transform((heading) => heading ?? []),
  text: z.string(),
});

const question = z.object({
  id: idOf,
  question: z.string().min(1),
  /** The reader's question before this one. */
  after: z.string().nullish(),
  kind: z.string().default('plain'),
  half: z.enum(['tuning', 'held-out']).optional(),
  /** Ids or URLs that must be found; a list among them means that one of its entries is enough. */
  relevant: z.array(z.union([idOf, z.array(idOf).min(1)])),
  /** The reference answer. */
  answer: z.string().nullish(),
});

const dataFile = z
  .object({
    name: z.string(),
    /** Folder of a Docusaurus book, relative to this file. */
    book: z.string().optional(),
    documents: z.array(document).min(1).optional(),
    questions: z.array(question).min(1),
  })
  .refine(({ book, documents }) => (book === undefined) !== (documents === undefined), {
    message: 'exactly one of `book` and `documents` is required',
  });

/**
 * Reads a set of questions: a file of our own form, or the folder of a published set (docs/eval.md). Throws an Error that
 * says what is wrong with it.
 */
export async function readDataSet({ file, signal }: { file: string; signal: AbortSignal }): Promise<DataSet> {
  const isFolder = await stat(file).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const set = isFolder ? await readPublishedSet({ dir: file, signal }) : await readOwnForm(file, signal);
  const namesOfSections = new Set(set.sections.flatMap(({ id, url }) => [id, url]));
  for (const { id, relevant } of set.questions)
    for (const name of relevant.flat())
      if (!namesOfSections.has(name))
        throw new Error(`${file}: question ${id} names ${name}, which is not a section.`);
  return set;
}

async function readOwnForm(file: string, signal: AbortSignal): Promise<DataSet> {
  const { data, error } = dataFile.safeParse(await jsonIn(file, signal));
  if (data === undefined) throw new Error(`${file} is not a set of questions:\n${z.prettifyError(error)}`);
  const sections =
    data.book === undefined
      ? sectionsFromDocuments(data.documents ?? [])
      : await sectionsOf({ dir: resolve(dirname(file), data.book), signal });
  const questions = data.questions.map((entry, index): EvalQuestion => ({
    ...entry,
    after: entry.after ?? null,
    answer: entry.answer ?? null,
    half: entry.half ?? (index % 2 === 0 ? 'tuning' : 'held-out'),
    relevant: entry.relevant.map((group) => (typeof group === 'string' ? [group] : group)),
  }));
  return { name: data.name, sections, questions };
}

async function jsonIn(file: string, signal: AbortSignal): Promise<unknown> {
  const text = await readFile(file, { encoding: 'utf8', signal }).catch(() => null);
  if (text === null) throw new Error(`The file ${file} could not be read.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${String(error)}`, { cause: error });
  }
}

async function sectionsOf({ dir, signal }: { dir: string; signal: AbortSignal }): Promise<Section[]> {
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error(`No book was found in ${dir}.`);
  const { sections } = await readBook({ site, signal });
  return Array.from(sections, (section) => ({ ...section, hash: '' }));
}
