import { serveRoutes, type RouteCall, type RouteReply, type Route } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { batchEmbedContents, embedContent } from './embed-content.ts';
import { GeminiApiError, invalidKey, missingKey, rejectedStandardKey } from './errors.ts';
import { countTokensRequest, generateContent, streamGenerateContent } from './generate-content.ts';
import { getModel, listModels } from './models.ts';
import { createGeminiState, geminiControls, type GeminiState } from './state.ts';

export type GeminiStandIn = {
  url: string;
  apiKey: string;
  /** What `POST /world` may turn: script, quota, embedQuota, overloaded, gone, paceMs, … */
  controls: Record<string, (value: unknown) => void>;
  /** Streams that are open, were left by their client, or came to their end. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

/** Serves the Gemini Developer API (v1beta) on a loopback port. The key has the form that is issued today. */
export async function startGemini(options: {
  faults: Faults;
  record: ExchangeRecord;
  apiKey?: string;
  port?: number;
}): Promise<GeminiStandIn> {
  const apiKey = options.apiKey ?? 'AQ.sandbox-gemini-key';
  const world = createGeminiState();
  const { url, close } = await serveRoutes({
    ...options,
    vendor: 'gemini',
    routes: routesOf(world).map((route) => withKeyCheck(route, { apiKey, world })),
    notFound: () => ({
      status: 404,
      headers: { 'content-type': 'text/html; charset=UTF-8' },
      text: '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>',
    }),
  });
  return {
    url,
    apiKey,
    close,
    controls: geminiControls(world),
    state: () => ({ streams: { ...world.streams } }),
  };
}

function routesOf(world: GeminiState): Route[] {
  const model = '/v1beta/models/:model';
  const post = (name: string, handle: Route['handle']): Route => ({
    method: 'POST',
    path: `${model}:${name}`,
    name,
    handle,
  });
  return [
    {
      method: 'GET',
      path: '/v1beta/models',
      name: 'models',
      handle: ({ query }) => ({
        json: listModels({
          pageSize: Number(query.get('pageSize') ?? 50),
          pageToken: query.get('pageToken'),
        }),
      }),
    },
    {
      method: 'GET',
      path: model,
      name: 'model',
      handle: ({ params }) => ({ json: getModel(params['model'] ?? '') }),
    },
    post('embedContent', (call) => ({ json: embedContent(world, call) })),
    post('batchEmbedContents', (call) => ({ json: batchEmbedContents(world, call) })),
    post('generateContent', (call) => generateContent(world, call)),
    post('streamGenerateContent', (call) => streamGenerateContent(world, call)),
    post('countTokens', (call) => ({ json: countTokensRequest(world, call) })),
  ];
}

function withKeyCheck(route: Route, { apiKey, world }: { apiKey: string; world: GeminiState }): Route {
  return {
    ...route,
    handle: async (call): Promise<RouteReply> => {
      try {
        checkKey(call, { apiKey, world });
        return await route.handle(call);
      } catch (error) {
        if (error instanceof GeminiApiError) return error.reply();
        throw error;
      }
    },
  };
}

/** Only the header counts: `?key=` fails for the keys that are issued today. */
function checkKey(call: RouteCall, { apiKey, world }: { apiKey: string; world: GeminiState }): void {
  const header = call.headers['x-goog-api-key'];
  const given = Array.isArray(header) ? header[0] : header;
  if (given === undefined || given === '') {
    throw call.query.has('key') ? rejectedStandardKey() : missingKey();
  }
  const state = given === apiKey ? world.key : world.keys.get(given);
  if (state === 'valid') return;
  if (state !== undefined) throw invalidKey(state);
  if (given.startsWith('AIza') && world.standardKeys === 'unsupported') throw rejectedStandardKey();
  throw invalidKey();
}
