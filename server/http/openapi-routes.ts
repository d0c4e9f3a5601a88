import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { healthReport } from '../contract.ts';
import { searchQuery, searchReply } from './book/search-route.ts';
import { widgetSettings } from './book/widget-routes.ts';
import { requestLimits } from './chat/chat-request.ts';
import { feedbackRequest } from './feedback/feedback-route.ts';

// Lazy: as objects, the schemas that only this document needs would take milliseconds of every start.

/** The canonical request; `chat-request.ts` also reads the aliases that other frontends use. */
export const canonicalRequest = z.lazy(() =>
  z.object({
    message: z.string().regex(/\S/).max(requestLimits.message).describe('The question.'),
    mode: z
      .unknown()
      .optional()
      .describe('`general` or `selection`, which asks about the text in `context`; both ask for the stream.'),
    context: z.string().nullish().describe('The text that the reader marked.'),
    conversation_id: z
      .unknown()
      .optional()
      .describe(
        'Continues a conversation; a new one begins without it. Any name of the client’s own will do.',
      ),
    page_url: z
      .string()
      .nullish()
      .describe(
        'Address or path of the page that the reader is on: its version and language are answered from.',
      ),
    docs_version: z.string().nullish().describe('A version of the book, where no page says it.'),
    locale: z.string().nullish().describe('A language of the book, where no page says it.'),
    history: z
      .array(z.object({ role: z.enum(['user', 'assistant']), content: z.string() }))
      .nullish()
      .describe('For clients that keep their own history.'),
    stream: z.boolean().nullish().describe('`true` asks for the stream, `false` for one JSON body.'),
  }),
);

const wireSource = () =>
  z.object({
    file: z.string().describe('`/` + this without its first `.md` is the live address.'),
    heading: z.string(),
    similarity: z.number().nullable(),
    url: z.string(),
    title: z.string(),
    section: z.string(),
    score: z.number().nullable(),
    quote: z.string().optional().describe('Of a cited source: the sentence that the answer rests on.'),
    supported: z
      .literal(false)
      .optional()
      .describe('Of a cited source: it lacks the words of the sentence that cites it.'),
    version: z.string().optional().describe('Of a book with several versions or languages.'),
    locale: z.string().optional().describe('As `version`.'),
  });

/** The `data` of one server-sent event. */
export const wireEventSchema = z.lazy(() =>
  z.looseObject({
    type: z.enum(['metadata', 'token', 'error', 'done']),
    content: z.string().nullable(),
    sources: z.array(wireSource()).nullable(),
    conversation_id: z.string().nullable(),
    rungs: z.array(z.string()).optional().describe('Of `metadata`: how the answer came about.'),
    code: z.string().optional().describe('Of `error`, for programs.'),
    message: z.string().optional().describe('Of `error`, for people.'),
    request_id: z
      .string()
      .optional()
      .describe('Of `error`: the one in the `X-Request-ID` header and in the log.'),
  }),
);

export const conversationSchema = z.lazy(() =>
  z.object({
    conversation_id: z.uuid(),
    messages: z.array(
      z.object({
        id: z.uuid(),
        role: z.enum(['user', 'assistant']),
        content: z.string(),
        sources: z.array(wireSource().partial()).nullable(),
        created_at: z.string().describe('UTC, with microseconds and without a zone.'),
      }),
    ),
  }),
);

export const errorSchema = z.lazy(() =>
  z.object({
    detail: z.string(),
    message: z.string(),
    error_code: z.string(),
    request_id: z.string(),
  }),
);

const json = (schema: z.ZodType): object => ({
  content: { 'application/json': { schema: z.toJSONSchema(schema, { unrepresentable: 'any' }) } },
});
const errorResponse = (description: string): object => ({ description, ...json(errorSchema) });

const bookText = (type: string): object => ({
  200: { description: 'The text, with an ETag', content: { [type]: { schema: { type: 'string' } } } },
  304: { description: 'Unchanged' },
  503: errorResponse('The book is not loaded yet'),
});

const scriptText = {
  200: { description: 'JavaScript', content: { 'text/javascript': { schema: { type: 'string' } } } },
};
const languageParameter = { name: 'lang', in: 'query', schema: { type: 'string' } };

/** A query's fields as parameters. */
function parametersOf(schema: z.ZodObject): object[] {
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: 'query',
    required: !field.safeParse(undefined).success,
    schema: z.toJSONSchema(field as z.ZodType, { io: 'input' }),
  }));
}

/** The OpenAPI document, generated from the schemas above. */
function openApi({ version }: { version: string }): object {
  const events = { 'text/event-stream': { schema: z.toJSONSchema(wireEventSchema) } };
  const healthAnswers = {
    200: { description: 'Healthy', ...json(healthReport) },
    503: { description: 'Starting, degraded or unhealthy', ...json(healthReport) },
  };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
  return {
    openapi: '3.1.0',
    info: { title: 'RAG Chatbot API', version },
    paths: {
      '/api/chat': {
        post: {
          summary: 'Ask the book',
          requestBody: { required: true, ...json(canonicalRequest) },
          responses: {
            200: { description: 'One metadata event, tokens, one done', content: events },
            400: errorResponse('Selection without a text'),
            422: errorResponse('A request that cannot be read'),
            429: errorResponse('Too many questions; see Retry-After'),
            503: errorResponse('Too many readers'),
          },
        },
      },
      '/api/feedback': {
        post: {
          summary: 'Rate an answer',
          requestBody: { required: true, ...json(feedbackRequest) },
          responses: {
            200: { description: 'Stored' },
            404: errorResponse('No answer with this id'),
            422: errorResponse('Feedback that cannot be read'),
            429: errorResponse('Too many ratings; see Retry-After'),
          },
        },
      },
      '/api/search': {
        get: {
          summary: 'Sections by their words, without a model',
          parameters: parametersOf(searchQuery),
          responses: {
            200: { description: 'The best sections', ...json(searchReply) },
            422: errorResponse('A search that cannot be read'),
            429: errorResponse('Too many searches; see Retry-After'),
            503: errorResponse('The book is not loaded yet'),
          },
        },
      },
      '/mcp': {
        post: {
          summary: 'The book for agents, by the Model Context Protocol',
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
          responses: { 200: { description: 'One JSON-RPC reply' } },
        },
      },
      '/llms.txt': { get: { summary: 'Every page with its address', responses: bookText('text/plain') } },
      '/llms-full.txt': { get: { summary: 'The text of the book', responses: bookText('text/plain') } },
      '/pages/{path}.md': {
        get: {
          summary: 'One page as Markdown',
          parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { ...bookText('text/markdown'), 404: errorResponse('No such page') },
        },
      },
      '/widget.js': { get: { summary: 'The chat for the book’s pages', responses: scriptText } },
      '/widget-{digest}.js': {
        get: {
          summary: 'The same under an address of its own, for pages that pin it',
          parameters: [{ name: 'digest', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { ...scriptText, 404: errorResponse('Another version') },
        },
      },
      '/loader.js': {
        get: {
          summary: 'The loader of the chat, a file for the book’s site',
          parameters: [languageParameter],
          responses: scriptText,
        },
      },
      '/api/widget': {
        get: {
          summary: 'What the chat shows',
          parameters: [languageParameter],
          responses: { 200: { description: 'Texts and samples', ...json(widgetSettings) } },
        },
      },
      '/api/health': { get: { summary: 'State of each service', responses: healthAnswers } },
      '/api/live': { get: { summary: 'Liveness', responses: { 200: { description: 'Alive' } } } },
      '/api/conversation/{id}': {
        get: {
          summary: 'Messages of a conversation',
          parameters: [id],
          responses: {
            200: { description: 'Its messages; none for an unknown one', ...json(conversationSchema) },
            422: errorResponse('Not a UUID'),
          },
        },
      },
    },
  };
}

/** `/openapi.json`, and `/docs`, which the root route names, redirecting to it. */
export function openApiRoutes(app: FastifyInstance, { version }: { version: string }): void {
  let document: object | undefined;
  app.get('/openapi.json', async () => (document ??= openApi({ version })));
  app.get('/docs', async (_request, reply) => reply.redirect('openapi.json', 302));
}
