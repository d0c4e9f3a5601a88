/** The function's bundle, in processes that run as the vendor runs them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { serveRoutes } from '../../sandbox/exchange/serve-routes.ts';
import {
  createFunctionHost,
  type FunctionHost,
  type FunctionPolicy,
} from '../../sandbox/vercel/functions/function-host.ts';
import { packWords } from '../../server/collection/book-file.ts';
import { buildWordIndex } from '../../server/collection/postings.ts';
import { runAtOnce } from '../../server/collection/run-in-slices.ts';
import type { Section } from '../../server/collection/section.ts';
import { stampOf } from './vendors.ts';

const bundle = fileURLToPath(new URL('../../dist/function/server.js', import.meta.url));
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export type RunningFunction = {
  url: string;
  host: FunctionHost;
  policy: FunctionPolicy;
  health(): Promise<unknown>;
  close(): Promise<void>;
};

/** Serves the bundle; `book` are the sections of its `book.json`. */
export async function runFunction(options: {
  environment: Record<string, string>;
  book?: readonly Section[];
  /** Instead of the bundle. */
  source?: string;
  policy?: Partial<FunctionPolicy>;
}): Promise<RunningFunction> {
  const policy: FunctionPolicy = { instances: 1, afterAnswer: 'freeze', ...options.policy };
  const { book } = options;
  const files = new Map([['server.js', options.source ?? readFileSync(bundle, 'utf8')]]);
  if (book !== undefined) {
    const words = packWords(runAtOnce(buildWordIndex(book)));
    files.set('book.json', JSON.stringify({ stamp: stampOf(book), sections: book, words }));
  }
  const host = createFunctionHost({
    built: {
      files,
      handler: 'server.js',
      environment: { BOOK_TITLE: 'Robots', DEPLOYMENT_ID: 'deployment-1' },
    },
    env: options.environment,
    policy: () => policy,
    reaper: null,
    now: Date.now,
  });
  const { url, close } = await serveRoutes({
    vendor: 'frontend',
    faults: new Faults(),
    record: new ExchangeRecord(),
    routes: methods.map((method) => ({
      method,
      path: '/*path',
      name: 'call',
      handle: (call) => host.call(call),
    })),
  });
  return {
    url,
    host,
    policy,
    health: async () => (await fetch(`${url}/api/health`)).json(),
    close: async () => {
      await close();
      await host.close();
    },
  };
}
