import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { createSnippet } from '../../book/snippet.ts';
import { checkOrigin } from '../chat/check-origin.ts';
import { HttpError } from '../http-error.ts';
import { bookTimeoutMs, throwAsHttpError, type BookRouteOptions } from './book-route-options.ts';

const maxQuery = 500;
const maxResults = 20;

/** What `/api/search` accepts; `/openapi.json` describes it from here. */
export const searchQuery = z.object({
  q: z.string().trim().min(1).max(maxQuery).describe('The words to search for.'),
  page: z
    .string()
    .max(500)
    .optional()
    .describe('Address of the page that the reader is on: its edition is searched.'),
  version: z
    .string()
    .max(40)
    .optional()
    .describe('A version of the book; by default the one that readers see first.'),
  locale: z.string().max(40).optional().describe('A language of the book.'),
  limit: z.coerce.number().int().min(1).max(maxResults).default(8).describe('Sections at most.'),
});

/** What it answers. */
export const searchReply = z.object({
  query: z.string(),
  results: z.array(
    z.object({
      id: z.string().describe('Of the section.'),
      title: z.string().describe('Of the page.'),
      headings: z.array(z.string()).describe('Above the text, outermost first.'),
      url: z.string().describe('The address of the section in the book.'),
      snippet: z.string().describe('A part of the text, never markup.'),
      marks: z
        .array(z.tuple([z.number(), z.number()]))
        .describe('Where the words stand in the snippet: [start, end) in UTF-16 units.'),
      version: z.string().optional().describe('Of a book with several versions or languages.'),
      locale: z.string().optional().describe('As `version`.'),
    }),
  ),
});

/** `GET /api/search?q=…`: sections by their words, in milliseconds, without a call to any model. */
export function searchRoute(
  app: FastifyInstance,
  { reader, rateLimits, clientOf, originRule }: BookRouteOptions,
): void {
  app.get('/api/search', async (request, reply): Promise<z.infer<typeof searchReply>> => {
    checkOrigin(request, originRule);
    rateLimits.checkSearch(clientOf(request));
    const parsed = searchQuery.safeParse(request.query);
    if (!parsed.success) throw invalidQuery();
    const { q: query, limit, page: address, version, locale } = parsed.data;
    const place = { ...(address && { address }), ...(version && { version }), ...(locale && { locale }) };
    const signal = AbortSignal.timeout(bookTimeoutMs);
    const hits = await reader.searchWords({ query, limit, place, signal }).catch(throwAsHttpError);
    reply.header('cache-control', 'no-cache');
    const results = hits.map(({ section: { id, title, headings, url, content }, edition }) => {
      const { text, marks } = createSnippet(content, query);
      return { id, title, headings, url: reader.addressOf(url), snippet: text, marks, ...edition };
    });
    return { query, results };
  });
}

function invalidQuery(): HttpError {
  return new HttpError({
    status: 422,
    code: 'request-invalid',
    message: `Search with /api/search?q=words: 1 to ${maxQuery} characters, and a limit of 1 to ${maxResults}.`,
  });
}
