import { createHubClient, type HubClient } from '../../clients/hub-client.ts';
import type { Http } from '../../clients/http.ts';
import type { Secret } from '../../model/secret.ts';

/** What it takes to call the Hub about one Space; without a token it shows only what is public. */
export type SpaceAccess = {
  credentials: { huggingface: { token: Secret | null; endpoint: string } };
  /** `owner/name`. */
  target: { space: string };
  http: Http;
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
};

/** The client for the context's Hub and token. */
export function hubOf(access: Omit<SpaceAccess, 'target'>): HubClient {
  const { endpoint, token } = access.credentials.huggingface;
  const { http, fetch, signal } = access;
  return createHubClient({ endpoint, token, http, fetch, signal });
}

/** The Space's page at the Hub that is in use, or a page below it: `/settings`. */
export function spacePageUrl(
  { credentials, target }: Pick<SpaceAccess, 'credentials' | 'target'>,
  below = '',
): string {
  return `${credentials.huggingface.endpoint.replace(/\/+$/, '')}/spaces/${target.space}${below}`;
}
