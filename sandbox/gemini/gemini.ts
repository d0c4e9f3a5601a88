import { serveRoutes, type RouteCall, type RouteReply, type Route } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { batchEmbedContents, embedContent } from './embed-content.ts';
import { GeminiApiError, invalidKey, missingKey, rejectedStandardKey, suspendedProject } from './errors.ts';
import { countTokensRequest, generateContent, streamGenerateContent } from './generate-content.ts';
import { getModel, listModels } from './models.ts';
import { createGeminiState, geminiControls, type GeminiState } from './state.ts';

export type GeminiStandIn = {
  url: string;
  apiKey: string;
  /** What `POST /world` can set: script, quota, embedQuota, overloaded, gone, paceMs, … */
  controls: Record<string, (value: unknown) => void>;
  /** Counts of streams: open, aborted by the client, finished. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

/** Serves the Gemini Developer API on a loopback port, as v1beta and as v1, which the newest clients call. */
export async function startGemini(options: {
  faults: Faults;
  record: ExchangeRecord;
  apiKey?: string;
  port?: number;
}): Promise<GeminiStandIn> {
  const apiKey = options.apiKey ?? 'AQ.sandbox-gemini-key';
  const state = createGeminiState();
  const { url, close } = await serveRoutes({
    ...options,
    vendor: 'gemini',
    routes: ['v1beta', 'v1']
      .flatMap((version) => routesOf(state, version))
      .map((route) => withKeyCheck(route, { apiKey, state })),
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
    controls: geminiControls(state),
    state: () => ({ streams: { ...state.streams } }),
  };
}

function routesOf(state: GeminiState, version: string): Route[] {
  const model = `/${version}/models/:model`;
  const post = (name: string, handle: Route['handle']): Route => ({
    method: 'POST',
    path: `${model}:${name}`,
    name,
    handle,
  });
  return [
    {
      method: 'GET',
      path: `/${version}/models`,
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
    post('embedContent', (call) => ({ json: embedContent(state, call) })),
    post('batchEmbedContents', (call) => ({ json: batchEmbedContents(state, call) })),
    post('generateContent', (call) => generateContent(state, call)),
    post('streamGenerateContent', (call) => streamGenerateContent(state, call)),
    post('countTokens', (call) => ({ json: countTokensRequest(state, call) })),
  ];
}

function withKeyCheck(route: Route, { apiKey, state }: { apiKey: string; state: GeminiState }): Route {
  return {
    ...route,
    handle: async (call): Promise<RouteReply> => {
      try {
        checkKey(call, { apiKey, state });
        return await route.handle(call);
      } catch (error) {
        if (error instanceof GeminiApiError) return error.reply();
        throw error;
      }
    },
  };
}

/** The key must be in the header: current keys are rejected in `?key=`. */
function checkKey(call: RouteCall, { apiKey, state }: { apiKey: string; state: GeminiState }): void {
  const header = call.headers['x-goog-api-key'];
  const key = Array.isArray(header) ? header[0] : header;
  if (key === undefined || key === '') {
    throw call.query.has('key') ? rejectedStandardKey() : missingKey();
  }
  const keyState = key === apiKey ? state.key : state.keys.get(key);
  if (keyState === 'valid') return;
  if (keyState === 'suspended') throw suspendedProject();
  if (keyState !== undefined) throw invalidKey(keyState);
  if (key.startsWith('AIza') && state.standardKeys === 'unsupported') throw rejectedStandardKey();
  throw invalidKey();
}
