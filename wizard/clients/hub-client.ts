import * as z from 'zod';
import type { Secret } from '../model/secret.ts';
import { readEventData } from './event-stream.ts';
import type { Http, HttpRequest } from './http.ts';
import { HttpFailure } from './http-failure.ts';
import { nextLink, readPages, type ListPage } from './read-pages.ts';
import { createHubUpload, type HubUpload } from './hub-upload.ts';
import {
  logLineSchema,
  runtimeSchema,
  secretsSchema,
  spaceSchema,
  treeSchema,
  variablesSchema,
  type SpaceInfo,
  type SpaceFile,
  type SpaceRuntime,
  type HostedSecrets,
  type HostedVariables,
} from './hub-schemas.ts';

/** A Space that is to be created with its settings. */
export type SpaceToCreate = {
  space: string;
  secrets: readonly SettingToWrite[];
  variables: readonly SettingToWrite[];
};

export type SettingToWrite = { key: string; value: string; description?: string };

/** The calls on one account's Spaces; every `space` is `owner/name`. All throw HttpFailure. */
export interface HubClient {
  /** Null when there is none, or none that this token may see: the Hub answers the same for both. */
  space(space: string): Promise<SpaceInfo | null>;
  /** A public Docker Space. It is created with its settings, because each that is set later restarts it. */
  create(space: SpaceToCreate): Promise<void>;
  secrets(space: string): Promise<HostedSecrets>;
  setSecret(space: string, secret: SettingToWrite): Promise<void>;
  removeSecret(space: string, key: string): Promise<void>;
  variables(space: string): Promise<HostedVariables>;
  /** All variables afterwards. */
  setVariable(space: string, variable: SettingToWrite): Promise<HostedVariables>;
  removeVariable(space: string, key: string): Promise<void>;
  runtime(space: string): Promise<SpaceRuntime>;
  restart(space: string, options: { factory: boolean }): Promise<void>;
  /** The origin that serves it; null while the Hub names none. */
  host(space: string): Promise<string | null>;
  /** At a commit; by default at the newest. */
  files(space: string, revision?: string): Promise<readonly SpaceFile[]>;
  /** One file of a public Space, byte for byte, at a commit; by default at the newest. */
  download(file: { space: string; path: string; revision?: string }): Promise<Buffer>;
  /** Deletes the Space with all that is in it; it cannot be restored. */
  remove(space: string): Promise<void>;
  upload: HubUpload;
  /** Lines of a log, from its start on; ends after `idleMs` without one. */
  log(options: {
    space: string;
    kind: 'build' | 'run';
    idleMs: number;
    signal?: AbortSignal;
  }): AsyncGenerator<string, void>;
}

const anyJson = z.unknown();

/** Paths and bodies as in the Hub's OpenAPI document, for what `@huggingface/hub` lacks. */
export function createHubClient({
  endpoint,
  token,
  http,
  fetch,
  signal,
}: {
  endpoint: string;
  /** Null reads only what is public. */
  token: Secret | null;
  http: Http;
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
}): HubClient {
  const base = endpoint.replace(/\/+$/, '');
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token.reveal()}` };
  const call = (path: string, what: string, rest: Partial<HttpRequest> = {}): HttpRequest => {
    return { service: 'huggingface', what, url: `${base}/api/${path}`, headers, signal, ...rest };
  };
  const get = <T>(path: string, what: string, schema: z.ZodType<T>): Promise<T> =>
    http.request({ ...call(path, what), schema });
  /** Upserts, so a second attempt does no harm. */
  const put = <T>(path: string, what: string, json: unknown, schema: z.ZodType<T>): Promise<T> =>
    http.request({ ...call(path, what, { method: 'POST', json, retry: true }), schema });
  const remove = async (path: string, what: string, json: unknown): Promise<void> => {
    await http.text(call(path, what, { method: 'DELETE', json }));
  };

  return {
    space: (space) => nullIfMissing(get(`spaces/${space}`, 'reading the Space', spaceSchema)),
    create: async ({ space, secrets, variables }) => {
      const [organization, name] = space.split('/');
      const json = {
        type: 'space',
        name,
        organization,
        sdk: 'docker',
        visibility: 'public',
        secrets,
        variables,
      };
      const schema = z.looseObject({ url: z.string() });
      // Not retried: after a lost response the Space may exist already.
      await http.request({
        ...call('repos/create', 'creating the Space', { method: 'POST', json, timeoutMs: 30_000 }),
        schema,
      });
    },
    secrets: async (space) =>
      (await nullIfMissing(get(`spaces/${space}/secrets`, 'listing the Space’s secrets', secretsSchema))) ??
      {},
    setSecret: async (space, secret) => {
      await put(`spaces/${space}/secrets`, `setting the secret ${secret.key}`, secret, anyJson);
    },
    removeSecret: (space, key) => remove(`spaces/${space}/secrets`, `removing the secret ${key}`, { key }),
    variables: async (space) =>
      (await nullIfMissing(
        get(`spaces/${space}/variables`, 'listing the Space’s variables', variablesSchema),
      )) ?? {},
    setVariable: (space, variable) =>
      put(`spaces/${space}/variables`, `setting the variable ${variable.key}`, variable, variablesSchema),
    removeVariable: (space, key) =>
      remove(`spaces/${space}/variables`, `removing the variable ${key}`, { key }),
    runtime: (space) => get(`spaces/${space}/runtime`, 'asking how the Space is', runtimeSchema),
    restart: async (space, { factory }) => {
      const path = `spaces/${space}/restart${factory ? '?factory=true' : ''}`;
      await http.text(call(path, 'restarting the Space', { method: 'POST', retry: true }));
    },
    host: async (space) => {
      const schema = z.looseObject({ host: z.string().nullish() });
      const answer = await nullIfMissing(
        get(`spaces/${space}/host`, 'asking for the Space’s address', schema),
      );
      return answer?.host == null ? null : new URL(answer.host).origin;
    },
    files: async (space, revision = 'main') => {
      const what = 'listing the Space’s files';
      const first = `/api/spaces/${space}/tree/${revision}?recursive=true&expand=false`;
      const read = async (next: string | null): Promise<ListPage<SpaceFile>> => {
        let headers = new Headers();
        const request = call('', what, { url: `${base}${next ?? first}` });
        const onHeaders = (received: Headers): void => void (headers = received);
        const items = await nullIfMissing(http.request({ ...request, schema: treeSchema, onHeaders }));
        return { items: items ?? [], next: nextLink(headers) };
      };
      return readPages({ service: 'huggingface', what, read });
    },
    download: async ({ space, path, revision = 'main' }) => {
      const name = path.split('/').map(encodeURIComponent).join('/');
      const url = `${base}/spaces/${space}/resolve/${revision}/${name}`;
      const what = `reading ${path} of the Space`;
      // Without the token: a large file is served by another host, which must not get it.
      const chunks = http.stream({ service: 'huggingface', what, url, signal });
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      return Buffer.concat(parts);
    },
    remove: async (space) => {
      const [organization, name] = space.split('/');
      await remove('repos/delete', 'deleting the Space', { type: 'space', organization, name });
    },
    upload: createHubUpload({ endpoint: base, token, fetch, signal }),
    log: async function* ({ space, kind, idleMs, signal: own }) {
      const what = `reading the ${kind} log`;
      const both = own === undefined ? signal : AbortSignal.any([signal, own]);
      const request = call(`spaces/${space}/logs/${kind}`, what, {
        headers: { ...headers, accept: 'text/event-stream' },
        signal: both,
      });
      yield* readLogLines(http.stream({ ...request, idleMs }));
    },
  };
}

/** A log that is silent, cut off or missing has simply ended. */
async function* readLogLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  try {
    for await (const data of readEventData(chunks)) {
      const line = logLineSchema.safeParse(parseJsonOrNull(data));
      if (!line.success) continue;
      for (const text of line.data.data.split(/\r\n|\r|\n/)) if (text.trim() !== '') yield text.trimEnd();
    }
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
  }
}

function parseJsonOrNull(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

async function nullIfMissing<T>(response: Promise<T>): Promise<T | null> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return null;
    throw error;
  }
}
