import type { RouteCall, Route } from '../../exchange/serve-routes.ts';
import { HubApiError } from '../hub-api-error.ts';
import type { Setting } from './repository.ts';
import { writableRepository, type HubState } from '../state.ts';

/** Parses a secret or variable: key, value and description. Throws 400 for an invalid name. */
export function parseSetting(body: unknown): { key: string; setting: Setting } {
  const { key, value = '', description } = body as { key?: string; value?: string; description?: string };
  if (key === undefined || !/^[a-zA-Z][_a-zA-Z0-9]*$/.test(key)) {
    throw new HubApiError(400, `Invalid key: ${String(key)}. It must match ^[a-zA-Z][_a-zA-Z0-9]*$`);
  }
  const updatedAt = new Date().toISOString();
  return { key, setting: { value, ...(description === undefined ? {} : { description }), updatedAt } };
}

/** Secrets, whose values are never returned, and variables, which are always returned as a whole. */
export function settingRoutes(state: HubState): Route[] {
  return [...routesOf(state, 'secrets'), ...routesOf(state, 'variables')];
}

function routesOf(state: HubState, kind: 'secrets' | 'variables'): Route[] {
  const path = `/api/spaces/:owner/:name/${kind}`;
  const bodyOf = (settings: ReadonlyMap<string, Setting>): unknown =>
    kind === 'secrets' ? {} : readableMap(settings);
  const target = (call: RouteCall) => {
    const { repository } = writableRepository(state, call);
    return { settings: repository[kind], space: repository.space };
  };
  return [
    {
      method: 'GET',
      path,
      name: kind,
      handle: (call) => {
        const { settings } = target(call);
        return { json: kind === 'secrets' ? withoutValues(settings) : readableMap(settings) };
      },
    },
    {
      method: 'POST',
      path,
      name: `set-${kind.slice(0, -1)}`,
      writes: true,
      handle: (call) => {
        const { settings, space } = target(call);
        const { key, setting } = parseSetting(call.json());
        settings.set(key, setting);
        space.settingsChanged();
        return { json: bodyOf(settings) };
      },
    },
    {
      method: 'DELETE',
      path,
      name: `delete-${kind.slice(0, -1)}`,
      writes: true,
      handle: (call) => {
        const { settings, space } = target(call);
        const { key } = call.json() as { key?: string };
        if (settings.delete(key ?? '')) space.settingsChanged();
        return { json: bodyOf(settings) };
      },
    },
  ];
}

function withoutValues(settings: ReadonlyMap<string, Setting>): unknown {
  return Object.fromEntries([...settings].map(([key, { value: _value, ...shown }]) => [key, shown]));
}

function readableMap(settings: ReadonlyMap<string, Setting>): unknown {
  return Object.fromEntries(settings);
}
