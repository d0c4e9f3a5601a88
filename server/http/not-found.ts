import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';

/** The methods of each route by its path; the catch-all is none. */
export type RouteMethods = ReadonlyMap<string, readonly string[]>;

/** Collects the routes that are registered after it, and answers 405 with `Allow` or 404 for everything else. */
export function registerNotFound(app: FastifyInstance): RouteMethods {
  const routes = new Map<string, string[]>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const listed = [method].flat().filter((name) => name !== 'HEAD');
    routes.set(url, [...(routes.get(url) ?? []), ...listed]);
  });
  app.setNotFoundHandler(async (request, reply) => {
    throw (
      methodNotAllowed(routes, request, reply) ??
      new HttpError({ status: 404, code: 'not-found', message: 'Not Found' })
    );
  });
  return routes;
}

/** The 405 for a path that is a route with other methods only, `Allow` set; null where there is none. */
export function methodNotAllowed(
  routes: RouteMethods,
  request: FastifyRequest,
  reply: FastifyReply,
): HttpError | null {
  const allowed = routes.get(routePath(request.url)) ?? [];
  if (allowed.length === 0) return null;
  reply.header('allow', allowed.join(', '));
  return new HttpError({ status: 405, code: 'method-not-allowed', message: 'Method Not Allowed' });
}

/** As the router reads it: without duplicate slashes and without one at the end. */
function routePath(url: string): string {
  const [path = '/'] = url.split('?');
  return path.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
