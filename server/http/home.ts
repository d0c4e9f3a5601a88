import type { FastifyInstance } from 'fastify';
import { homePage, type HomePageOptions } from '../home/page.ts';

/** The page and its policy: it may sit in Hugging Face's frame, and loads nothing from anywhere. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'self' https://huggingface.co https://*.hf.space";

/** `GET /`: a page for a browser, the original's JSON for anything else. */
export function homeRoute(app: FastifyInstance, options: HomePageOptions): void {
  app.get('/', async (request, reply) => {
    reply.header('vary', 'Accept, Origin');
    if (!(request.headers.accept ?? '').includes('text/html'))
      return { message: 'RAG Chatbot API', docs: '/docs', status: 'online' };
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .send(homePage(options));
  });
}
