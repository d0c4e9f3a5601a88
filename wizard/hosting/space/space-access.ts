import { createHubClient, type HubClient } from '../../clients/hub-client.ts';
import type { HostingAccess } from '../hosting.ts';

/** What it takes to call the Hub about one Space; without a token it shows only what is public. */
export type SpaceAccess = Omit<HostingAccess, 'credentials'> & {
  credentials: { huggingface: NonNullable<HostingAccess['credentials']['huggingface']> };
};

/** The access, with a Hub to call in any case: one that is not asked needs no credential. */
export function spaceAccess(access: HostingAccess): SpaceAccess {
  const { huggingface = { token: null, endpoint: 'https://huggingface.co' } } = access.credentials;
  return { ...access, credentials: { huggingface } };
}

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
