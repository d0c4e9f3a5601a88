import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startHub, type HubServer } from '../../../sandbox/hub/hub.ts';
import { defaultSpaceBehaviour, type SpaceBehaviour } from '../../../sandbox/space/space-behaviour.ts';

export type HubResponse = { status: number; body: unknown; headers: Headers };

export type TestHub = {
  hub: HubServer;
  record: ExchangeRecord;
  /** How builds and starts go; a test may change it at any time. */
  behaviour: SpaceBehaviour;
  /** With the token of `ana`, who has PRO, unless another is given; null sends none. A string is sent as it is. */
  request(
    method: string,
    path: string,
    options?: { body?: unknown; token?: string | null },
  ): Promise<HubResponse>;
  close(): Promise<void>;
};

/** The Hub stand-in with a temporary folder, for one test file. */
export async function startTestHub(
  options: { behaviour?: Partial<SpaceBehaviour>; keepAliveMs?: number } = {},
): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-test-'));
  // When the tests run as root, Spaces run as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  const behaviour = { ...defaultSpaceBehaviour(), ...options.behaviour };
  const record = new ExchangeRecord();
  const { keepAliveMs } = options;
  const hub = await startHub({
    folder,
    behaviour,
    faults: new Faults(),
    record,
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
  });
  return {
    hub,
    record,
    behaviour,
    request: async (method, path, { body, token = hub.tokens.pro } = {}) => {
      const response = await fetch(`${hub.url}${path}`, {
        method,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        body: isJson ? (JSON.parse(text) as unknown) : text,
        headers: response.headers,
      };
    },
    close: async () => {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
