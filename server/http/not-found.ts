import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Answers 405 with `Allow` for a path that exists with another method, else 404. */
export function registerNotFound(app: FastifyInstance): void {
  app.setNotFoundHandler(async (request, reply) => {
    const [path = '/'] = request.url.split('?');
    const allowed = methods.filter((method) => app.findRoute({ method, url: path }) !== null);
    if (allowed.length === 0) throw new HttpError({ status: 404, code: 'not-found', message: 'Not Found' });
    reply.header('allow', allowed.join(', '));
    throw new HttpError({ status: 405, code: 'method-not-allowed', message: 'Method Not Allowed' });
  });
}
