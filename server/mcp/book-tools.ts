import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { BookPlace, BookReader, ShownSection } from '../book/book-reader.ts';
import { headingPath } from '../collection/section.ts';
import type { ServerFailure } from '../failure.ts';

const timeoutMs = 10_000;
const maxQuery = 500;
const maxResults = 20;
/** Characters of a section in a search's result; `read_section` gives the whole. */
const maxExcerpt = 1_500;

const sectionFields = {
  id: z.string().describe('For read_section.'),
  title: z.string().describe('Of the page.'),
  headings: z.array(z.string()).describe('Above the text, outermost first.'),
  url: z.string().describe('Where the section is published: cite this.'),
  version: z.string().optional().describe('Of a book with several versions or languages.'),
  locale: z.string().optional().describe('As version.'),
  text: z.string(),
};
/** Which of a book's versions and languages is asked for. */
const placeFields = {
  version: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .describe('Of the book; by default the one that readers see first.'),
  locale: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .describe('A language of the book, such as fr; by default the query’s.'),
};
type Place = { version?: string | undefined; locale?: string | undefined };
const sectionList = z.object({ sections: z.array(z.object(sectionFields)) });
const pageList = z.object({
  pages: z.array(
    z.object({
      title: z.string(),
      url: z.string(),
      sections: z.number().int(),
      version: z.string().optional(),
      locale: z.string().optional(),
    }),
  ),
});

const readOnly = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;

type Result<T> = {
  content: { type: 'text'; text: string }[];
  structuredContent?: T;
  isError?: boolean;
};

/** The tools `search_book`, `read_section` and `list_pages`. */
export function addBookTools(
  server: McpServer,
  { reader, withoutVectors }: { reader: BookReader; withoutVectors: boolean },
): void {
  const wireSection = ({ section, edition }: ShownSection, text = section.content) => ({
    id: section.id,
    title: section.title,
    headings: section.headings,
    url: reader.addressOf(section.url),
    ...edition,
    text,
  });
  const sectionsResult = (
    sections: ReturnType<typeof wireSection>[],
  ): Result<z.infer<typeof sectionList>> => ({
    content: [{ type: 'text', text: sections.map(sectionText).join('\n\n---\n\n') }],
    structuredContent: { sections },
  });

  server.registerTool(
    'search_book',
    {
      title: 'Search the book',
      description:
        'Finds the sections of the book that are about a query, best first, with their text and address.',
      inputSchema: z.object({
        query: z.string().trim().min(1).max(maxQuery).describe('Words or a question.'),
        limit: z.number().int().min(1).max(maxResults).default(8).describe('Sections at most.'),
        ...placeFields,
      }),
      outputSchema: sectionList,
      annotations: readOnly,
    },
    inWords(async ({ query, limit, ...edition }: { query: string; limit: number } & Place) => {
      const place = placeOf(edition);
      const unknown = await reader.unknownEdition(place);
      if (unknown !== null) return errorResult(unknown);
      const signal = AbortSignal.timeout(timeoutMs);
      const hits = await reader.search({ query, limit, place, withoutVectors, signal });
      if (hits.length === 0)
        return {
          content: [{ type: 'text', text: 'The book has nothing about this.' }],
          structuredContent: { sections: [] },
        };
      return sectionsResult(hits.map((hit) => wireSection(hit, excerptOf(hit.section.content))));
    }),
  );

  server.registerTool(
    'read_section',
    {
      title: 'Read a section or a page',
      description:
        'The whole text of one section, by its id, or of a page or the part of it below a heading, by its address.',
      inputSchema: z.object({
        id: z.string().max(100).optional().describe('Of a section, from search_book.'),
        url: z
          .string()
          .max(2_000)
          .optional()
          .describe('Of a page or a heading: /docs/intro or /docs/intro#install.'),
      }),
      outputSchema: sectionList,
      annotations: readOnly,
    },
    inWords(async ({ id, url }: { id?: string | undefined; url?: string | undefined }) => {
      if (id === undefined && url === undefined) return errorResult('Name a section by its id or its url.');
      const section =
        id === undefined ? null : await reader.section({ id, signal: AbortSignal.timeout(timeoutMs) });
      const sections = section === null ? await reader.sectionsAt(url ?? '') : [section];
      if (sections.length === 0)
        return errorResult('The book has no such section. search_book and list_pages name what it has.');
      return sectionsResult(sections.map((each) => wireSection(reader.asShown(each))));
    }),
  );

  server.registerTool(
    'list_pages',
    {
      title: 'List the pages',
      description: 'Every page of the book in reading order: title, address, and how many sections it has.',
      inputSchema: z.object(placeFields),
      outputSchema: pageList,
      annotations: readOnly,
    },
    inWords(async (edition: Place) => {
      const place = placeOf(edition);
      const unknown = await reader.unknownEdition(place);
      if (unknown !== null) return errorResult(unknown);
      const pages = await reader.pagesFor(place);
      const list = pages.map(({ title, path, sections, edition }) => ({
        title,
        url: reader.addressOf(path),
        sections: sections.length,
        ...edition,
      }));
      const text = list.map(({ title, url }) => `- ${title}: ${url}`).join('\n');
      return { content: [{ type: 'text', text }], structuredContent: { pages: list } };
    }),
  );
}

function placeOf({ version, locale }: Place): BookPlace {
  return { ...(version !== undefined && { version }), ...(locale !== undefined && { locale }) };
}

/** A failure as the tool's answer: an agent reads it and can act on it, while a protocol error ends its turn. */
function inWords<Input, T>(tool: (input: Input) => Promise<Result<T>>): (input: Input) => Promise<Result<T>> {
  return async (input) => {
    try {
      return await tool(input);
    } catch (error) {
      if (isServerFailure(error)) return errorResult(`${error.message} ${error.remedy}`);
      throw error;
    }
  };
}

/** Not by its class, of which this file's bundle would have a copy of its own. */
function isServerFailure(error: unknown): error is ServerFailure {
  return error instanceof Error && error.name === 'Failure' && 'remedy' in error;
}

function errorResult(text: string): Result<never> {
  return { content: [{ type: 'text', text }], isError: true };
}

function sectionText({
  title,
  headings,
  url,
  id,
  version,
  locale,
  text,
}: {
  title: string;
  headings: string[];
  url: string;
  id: string;
  text: string;
} & Place): string {
  const edition = version === undefined ? '' : `, version ${version}, ${locale ?? ''}`;
  return `## ${headingPath({ title, headings })}\n${url} (id ${id}${edition})\n\n${text}`;
}

function excerptOf(content: string): string {
  return content.length <= maxExcerpt ? content : `${content.slice(0, maxExcerpt)} …`;
}
