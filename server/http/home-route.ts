import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { homePage, pageParts, type HomePageOptions } from '../home/home-page.ts';

const cspHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** It may sit in Hugging Face's frame, runs its own script and no other, and loads nothing from anywhere. */
const contentSecurityPolicy = ({ script, style }: typeof pageParts): string =>
  `default-src 'none'; style-src ${cspHash(style)}; script-src ${cspHash(script)}; connect-src 'self'; form-action 'self'; ` +
  "base-uri 'none'; frame-ancestors 'self' https://huggingface.co https://*.hf.space";

/** `GET /`: a page for a browser, the original's JSON for anything else. */
export function homeRoute(app: FastifyInstance, options: HomePageOptions): void {
  let policy: string | undefined;
  app.get('/', async (request, reply) => {
    reply.header('vary', 'Accept, Origin');
    if (!(request.headers.accept ?? '').includes('text/html'))
      return { message: 'RAG Chatbot API', docs: '/docs', status: 'online' };
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', (policy ??= contentSecurityPolicy(pageParts)))
      .send(homePage(options));
  });
}
