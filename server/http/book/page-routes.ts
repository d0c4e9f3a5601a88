import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BookReader } from '../../book/book-reader.ts';
import { llmsFull, llmsIndex } from '../../book/llms-text.ts';
import { pageMarkdown } from '../../book/page-markdown.ts';
import type { PageList } from '../../book/page-list.ts';
import { pagePath } from '../../links/allow-links.ts';
import { HttpError } from '../http-error.ts';
import { throwAsHttpError, type BookRouteOptions } from './book-route-options.ts';

/** Seconds that a client may keep a text before it asks whether it has changed. */
const maxAge = 300;
const pagesFolder = '/pages';

/**
 * The book's text for programs: `/llms.txt`, `/llms-full.txt`, and each page as Markdown at its own path below `/pages`,
 * with `.md` at its end. Streamed, with an ETag that changes with the text.
 */
export function pageRoutes(
  app: FastifyInstance,
  { reader, rateLimits, clientOf, bookTitle }: BookRouteOptions & { bookTitle: string },
): void {
  const readPages = async (request: FastifyRequest): Promise<PageList> => {
    rateLimits.checkPageRead(clientOf(request));
    return reader.pages().catch(throwAsHttpError);
  };
  const addressOf = (path: string): string => reader.addressOf(path);

  for (const [path, text] of [
    ['/llms.txt', llmsIndex],
    ['/llms-full.txt', llmsFull],
  ] as const)
    app.get(path, async (request, reply) => {
      const { digest } = await readPages(request);
      if (isUnchanged(request, reply, etagOf(reader, `${digest}-${bookTitle}`)))
        return reply.code(304).send();
      const pages = await reader.pagesFor().catch(throwAsHttpError);
      reply.type('text/plain; charset=utf-8');
      return reply.send(Readable.from(text({ bookTitle, pages, addressOf })));
    });

  app.get<{ Params: { '*': string } }>(`${pagesFolder}/*`, async (request, reply) => {
    const { digest } = await readPages(request);
    const page = await reader.pageAt(pathOf(request.params['*']));
    if (page === null) throw noPage();
    if (isUnchanged(request, reply, etagOf(reader, digest))) return reply.code(304).send();
    return reply.type('text/markdown; charset=utf-8').send(pageMarkdown(page, addressOf(page.path)));
  });
}

/** Where a page's Markdown is, for its path: `/docs/intro` → `/pages/docs/intro.md`, `/` → `/pages/index.md`. */
export function markdownPath(path: string): string {
  return `${pagesFolder}${path === '/' ? '/index' : path}.md`;
}

function pathOf(name: string): string {
  const path = name.replace(/\.md$/, '');
  return path === 'index' ? '/' : pagePath(`/${path}`);
}

/** A text also changes with the address at which the book is published. */
function etagOf(reader: BookReader, digest: string): string {
  return `"${Buffer.from(`${digest} ${reader.addressOf('/')}`).toString('base64url')}"`;
}

/** Sets the headers of caching; true when the client has this version. */
function isUnchanged({ headers }: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag).header('cache-control', `public, max-age=${maxAge}`);
  const tags = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function noPage(): HttpError {
  return new HttpError({
    status: 404,
    code: 'page-unknown',
    message: 'The book has no page of this path. /llms.txt lists them all.',
  });
}
