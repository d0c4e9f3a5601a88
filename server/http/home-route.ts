import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { homePage, pageParts, type HomePageOptions } from '../home/home-page.ts';

const cspHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page may be framed by Hugging Face, runs only its own script, and loads nothing from other origins. */
const contentSecurityPolicy = ({ script, style }: typeof pageParts): string =>
  `default-src 'none'; style-src ${cspHash(style)}; script-src ${cspHash(script)}; connect-src 'self'; form-action 'self'; ` +
  "base-uri 'none'; frame-ancestors 'self' https://huggingface.co https://*.hf.space";

/** `GET /`: a page for browsers, and for other clients the JSON of the FastAPI server this replaces. */
export function homeRoute(app: FastifyInstance, options: HomePageOptions): void {
  let page: { html: string; policy: string } | undefined;
  app.get('/', async (request, reply) => {
    reply.header('vary', 'Accept, Origin');
    if (!(request.headers.accept ?? '').includes('text/html'))
      return { message: 'RAG Chatbot API', docs: '/docs', status: 'online' };
    page ??= { html: homePage(options), policy: contentSecurityPolicy(pageParts) };
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', page.policy)
      .send(page.html);
  });
}
