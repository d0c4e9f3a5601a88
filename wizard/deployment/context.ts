import type { Http } from '../clients/http.ts';
import type { SpaceSecrets, SpaceVariables } from '../clients/hub-schemas.ts';
import { createVercelClient, type VercelClient } from '../clients/vercel-client.ts';
import type { VercelTarget } from '../clients/vercel-schemas.ts';
import type { FileChange } from '../frontend/wiring/write-files.ts';
import type { Credentials } from '../model/credential.ts';
import type { Journal } from '../model/run/journal.ts';
import type { Target } from '../model/run/plan.ts';
import type { Secret } from '../model/secret.ts';
import type { RemoteState } from './remote-state.ts';

/** The variable by which these frontends are told where the server is. */
export const frontendVariable = 'REACT_APP_API_BASE_URL';

export type RunSettings = {
  /** Name of the Qdrant collection that is wanted; a foreign one of that name is left alone. */
  collection: string;
  logLevel: string;
  /** Origins that may ask, besides the project's own. */
  origins: readonly string[];
  /** Absolute folder of the book, or the address of its live site. */
  docsDir: string | null;
  /** Path of the book’s site, where its configuration computes it and the person said it. */
  bookBaseUrl?: string | null;
  skipIndex: boolean;
  frontend: 'set' | 'skip';
  /** Origin of a server that is hosted elsewhere: the Space's steps are skipped. */
  apiUrl: string | null;
  /** Folder that holds the server's files, as built into `dist/space`. */
  payloadDir: string;
  frontendVariable: string;
  /** Environments of the project that get the variable; production alone where nobody said more. */
  frontendTargets?: readonly VercelTarget[];
  /** What is known of how the frontend gets the address; absent where nobody looked. */
  wiring?: FrontendWiring;
  /** Of rag-space-setup. */
  version: string;
  /** True when the person named the Space: an existing Docker Space may then be taken over. */
  adopt: boolean;
  /** Of a Space that stands: the secrets that were not asked for and stay there. */
  existingSecrets?: ExistingSecrets;
  /** Origins of a frontend that is given up: they may ask no longer. */
  removedOrigins?: readonly string[];
};

export type ReusableService = 'gemini' | 'qdrant' | 'postgres';

/** What a Space holds already and nobody was asked for again: it stays as it stands there. */
export type ExistingSecrets = {
  services: readonly ReusableService[];
  secrets: SpaceSecrets;
  variables: SpaceVariables;
};

export type FrontendWiring = {
  /** What follows the server's origin in the variable's value: `/api`, say. */
  path: string;
  /** The whole value, when the person gave it. */
  value: string | null;
  /** True when the page asks its own origin and `vercel.json` hands that on: there is no variable. */
  isSameOrigin: boolean;
  /** Absolute folder of the frontend; null when its source is not here. */
  dir: string | null;
  /** The folder above it that Vercel takes for the top, where the project's root directory is below. */
  top: string | null;
  /** Files, relative to `dir`, that the address goes through. */
  files: readonly string[];
  /** The change of its files that was shown and accepted; it is made when production is to be built from it. */
  changes: readonly FileChange[];
  /** True where `laterAddress` stands in them for the Space's address. */
  hasPlaceholderUrl: boolean;
  /** Whether somebody is there to commit and push while the run waits. */
  awaitsPush: boolean;
};

/** Nothing known: the bare origin, in the variable. */
export const defaultWiring: FrontendWiring = {
  path: '',
  value: null,
  isSameOrigin: false,
  dir: null,
  top: null,
  files: [],
  changes: [],
  hasPlaceholderUrl: false,
  awaitsPush: false,
};

type RunTools = {
  http: Http;
  fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, options: { signal: AbortSignal }): Promise<unknown>;
  signal: AbortSignal;
  journal: Journal;
  /** What the run has read from the vendors. */
  state: RemoteState;
};

/** All that a step of a deployment needs to look and to change. */
export type RunContext = RunTools & {
  credentials: Credentials;
  target: Target & { space: string; projectId: string | null; teamId: string | null };
  settings: RunSettings;
};

/** What is needed to look at one Space; without a token only what is public of it. */
export type SpaceContext = RunTools & {
  credentials: { huggingface: { token: Secret | null; endpoint: string } };
  target: { space: string };
  settings: Pick<RunSettings, 'apiUrl'>;
};

/** What is needed to bring a collection up to its book. */
export type BookContext = RunTools & {
  credentials: Pick<Credentials, 'gemini' | 'qdrant'>;
  settings: Pick<RunSettings, 'collection' | 'docsDir' | 'bookBaseUrl' | 'skipIndex' | 'existingSecrets'>;
};

/** What is needed to look at, and change, one Vercel project. */
export type ProjectContext = Pick<RunTools, 'http' | 'signal'> & {
  credentials: { vercel: Pick<Credentials['vercel'], 'token' | 'apiUrl'> };
  target: { teamId: string | null };
};

export function vercelOf(context: ProjectContext): VercelClient {
  const { apiUrl, token } = context.credentials.vercel;
  const { http, signal } = context;
  return createVercelClient({ apiUrl, token, teamId: context.target.teamId, http, signal });
}

/** Every secret value of the run, so that no foreign text that quotes one is passed on. */
export function secretValues({ credentials }: { credentials: KnownSecrets }): string[] {
  const { huggingface, vercel, gemini, qdrant, postgres } = credentials;
  const secrets = [huggingface?.token, vercel?.token, gemini?.key, qdrant?.url, qdrant?.key, postgres?.url];
  return secrets.flatMap((secret) => (secret == null ? [] : [secret.reveal()]));
}

/** A run has the credentials that its steps use, and no others. */
type KnownSecrets = Omit<Partial<Credentials>, 'huggingface' | 'vercel'> & {
  huggingface?: { token: Secret | null };
  vercel?: { token: Secret };
};
