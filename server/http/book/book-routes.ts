import type { FastifyInstance } from 'fastify';
import type { BookRouteOptions } from './book-route-options.ts';
import { mcpRoute } from './mcp-route.ts';
import { pageRoutes } from './page-routes.ts';
import { searchRoute } from './search-route.ts';
import { widgetRoutes } from './widget-routes.ts';

/** The book for programs: search, its pages as text, the same for agents, and the chat of the book's own pages. */
export function bookRoutes(
  app: FastifyInstance,
  options: BookRouteOptions & { bookTitle: string; version: string },
): void {
  searchRoute(app, options);
  pageRoutes(app, options);
  mcpRoute(app, options);
  widgetRoutes(app, options);
}
