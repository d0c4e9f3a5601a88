import type { Http } from '../clients/http.ts';
import { createVercelClient, type VercelClient } from '../clients/vercel-client.ts';
import type { HostingAccess } from '../hosting/hosting.ts';
import type { Credentials } from '../model/credential.ts';
import type { Journal } from '../model/run/journal.ts';
import type { Target } from '../model/run/plan.ts';
import type { Secret } from '../model/secret.ts';
import type { RemoteState } from './remote-state.ts';
import type { RunSettings } from './run-settings.ts';

/** What every step works with, whatever it changes. */
export type RunTools = {
  http: Http;
  fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, options: { signal: AbortSignal }): Promise<unknown>;
  signal: AbortSignal;
  journal: Journal;
  /** What the run has read from outside so far. */
  state: RemoteState;
};

/** What the steps of a deployment need; credentials of services that no step uses may be absent. */
export type RunContext = RunTools & {
  credentials: Credentials & { vercelHosting?: Credentials['vercel'] };
  target: Target & { space: string; projectId: string | null; teamId: string | null };
  settings: RunSettings;
};

/** What it takes to read, and change, one Space. */
export type SpaceContext = RunTools & HostingAccess & { settings: Pick<RunSettings, 'apiUrl' | 'noIndex'> };

/** What it takes to bring a collection up to date with its book. */
export type BookContext = RunTools & {
  credentials: Pick<Credentials, 'gemini' | 'qdrant'>;
  settings: Pick<
    RunSettings,
    | 'collection'
    | 'docsDir'
    | 'bookBaseUrl'
    | 'bookSelection'
    | 'enrichment'
    | 'skipIndex'
    | 'existingSecrets'
  >;
};

/** What it takes to read, and change, one Vercel project. */
export type ProjectContext = Pick<RunTools, 'http' | 'signal'> & {
  credentials: { vercel: Pick<Credentials['vercel'], 'token' | 'apiUrl'> };
  target: { teamId: string | null };
};

/** The client for the context's Vercel account and team. */
export function vercelOf(context: ProjectContext): VercelClient {
  const { apiUrl, token } = context.credentials.vercel;
  const { http, signal } = context;
  const { teamId } = context.target;
  return createVercelClient({ apiUrl, token, team: teamId === null ? null : { teamId }, http, signal });
}

/** Every secret value of the run, to be redacted in a vendor's text before it is shown. */
export function secretValues({ credentials }: { credentials: KnownSecrets }): string[] {
  const { huggingface, vercel, vercelHosting, gemini, qdrant, postgres } = credentials;
  const tokens = [huggingface?.token, vercel?.token, vercelHosting?.token];
  const secrets = [...tokens, gemini?.key, qdrant?.url, qdrant?.key, postgres?.url];
  return secrets.flatMap((secret) => (secret == null ? [] : [secret.reveal()]));
}

/** Each kind of context has the credentials that its steps use, and no others. */
type KnownSecrets = Omit<Partial<Credentials>, 'huggingface' | 'vercel'> & {
  huggingface?: { token: Secret | null };
  vercel?: { token: Secret };
  vercelHosting?: { token: Secret };
};
