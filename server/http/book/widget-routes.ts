import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { BookReader } from '../../book/book-reader.ts';
import { sampleHeadings } from '../../book/sample-headings.ts';
import { loaderFile } from '../../widget/loader/loader-file.ts';
import { localiseTexts } from '../../widget/translations/localise-texts.ts';
import { widgetFile, type ScriptFile } from '../../widget/widget-files.ts';
import { checkOrigin } from '../chat/check-origin.ts';
import { HttpError } from '../http-error.ts';
import type { BookRouteOptions } from './book-route-options.ts';
import { acceptsGzip } from '../accepts-gzip.ts';

/** What the widget shows: `/openapi.json` describes it from here. */
export const widgetSettings = z.object({
  title: z.string().describe('Of the book.'),
  language: z.string().describe('Of the texts.'),
  direction: z.enum(['ltr', 'rtl']),
  texts: z.record(z.string(), z.string()).describe('Of the interface; `%` is replaced.'),
  samples: z.array(z.string()).describe('Headings of the book to ask about.'),
});

/** A tag such as `pt-BR`; anything else is answered in English. */
const languageQuery = z.object({ lang: z.string().max(35).catch('en').default('en') });

/**
 * The chat for the book's own pages: `/widget.js`, the same at an address that never changes for pages that pin it, the
 * loader that a site keeps, and what the widget shows.
 */
export function widgetRoutes(
  app: FastifyInstance,
  { reader, rateLimits, clientOf, originRule, bookTitle }: BookRouteOptions & { bookTitle: string },
): void {
  let file: ScriptFile | undefined;
  const widget = (): ScriptFile => (file ??= widgetFile());

  app.get('/widget.js', async (request, reply) => {
    const { digest } = widget();
    reply.header('cache-control', 'no-cache').header('etag', `"${digest}"`);
    if (request.headers['if-none-match']?.includes(digest) === true) return reply.code(304).send();
    return sendScript(request, reply, widget());
  });
  app.get<{ Params: { digest: string } }>('/widget-:digest.js', async (request, reply) => {
    if (request.params.digest !== widget().digest) throw noVersion();
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return sendScript(request, reply, widget());
  });
  app.get('/loader.js', async (request, reply) => {
    const { lang } = languageQuery.parse(request.query);
    asScript(reply).header('cache-control', 'no-cache');
    return reply.send(loaderFile(localiseTexts(lang).texts));
  });
  app.get('/api/widget', async (request, reply): Promise<z.infer<typeof widgetSettings>> => {
    checkOrigin(request, originRule);
    rateLimits.checkSearch(clientOf(request));
    const { lang } = languageQuery.parse(request.query);
    reply.header('cache-control', 'no-cache');
    const local = localiseTexts(lang);
    return { title: bookTitle, ...local, samples: await samplesOf(reader, local.language) };
  });
}

/** None of a book that is not loaded or not in memory. */
async function samplesOf(reader: BookReader, language: string): Promise<string[]> {
  try {
    return sampleHeadings(await reader.pagesFor(), language);
  } catch {
    return [];
  }
}

function asScript(reply: FastifyReply): FastifyReply {
  return reply.type('text/javascript; charset=utf-8').header('cross-origin-resource-policy', 'cross-origin');
}

function sendScript(request: FastifyRequest, reply: FastifyReply, file: ScriptFile): FastifyReply {
  asScript(reply).header('vary', 'Origin, Accept-Encoding');
  return acceptsGzip(request)
    ? reply.header('content-encoding', 'gzip').send(file.gzipped)
    : reply.send(file.text);
}

function noVersion(): HttpError {
  return new HttpError({
    status: 404,
    code: 'widget-unknown',
    message: 'This server has another version of the widget. /widget.js is always the current one.',
  });
}
