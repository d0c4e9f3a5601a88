import type { Permissions } from './display/permissions.ts';
import type { Secret } from './secret.ts';

export type HubAccount = {
  name: string;
  isPro: boolean;
  /** Namespaces this token may create Docker Spaces in, the account's own first. */
  owners: readonly { name: string; canCreateDockerSpaces: boolean; plan: string | null }[];
  role: string;
};

export type VercelScope = {
  user: string;
  /** The personal scope, whose id and slug are null, and every team. */
  teams: readonly VercelTeam[];
  /** Slug of the team that Vercel takes where none is named, or that a team’s token is for. */
  defaultTeam: string | null;
  projects: readonly VercelProject[];
};

export type VercelTeam = {
  id: string | null;
  slug: string | null;
  name: string;
  /** `hobby`, `pro`, `enterprise`; null where Vercel does not say. */
  plan: string | null;
};

export type VercelProject = {
  id: string;
  name: string;
  teamId: string | null;
  teamSlug: string | null;
  framework: string | null;
  /** `owner/repository` whose pushes deploy it. */
  repository?: string;
  /** Hosts that serve its production, as far as the list names them. */
  hosts?: readonly string[];
};

/** What a Qdrant key may do: everything, write the book's collection, or read it. */
export type ClusterAccess = 'manage' | 'write' | 'read';

/** A secret that its service accepted, with what the check learned. */
export type Credentials = {
  huggingface: { token: Secret; endpoint: string; account: HubAccount };
  vercel: { token: Secret; apiUrl: string; scope: VercelScope };
  gemini: {
    key: Secret;
    baseUrl: string;
    answerModel: string;
    embeddingModel: string;
    dimensions: number;
  };
  qdrant: {
    url: Secret;
    key: Secret | null;
    version: string;
    access: ClusterAccess;
    /** The server's own key, where it gets another one; one that it has already is known by its fingerprint. */
    serverKey?: Secret | { fingerprint: string };
  };
  /** `version` is null for a database that could not be tried from this computer. */
  postgres: {
    url: Secret;
    version: string | null;
    /** Whether it was seen to hold no table at all; absent where it could not be looked into. */
    isEmpty?: boolean;
  };
};

/** What is left to an owner whose plan makes no Docker Spaces; each by name. */
export type FreePlanAlternatives = {
  /** Docker Spaces that stand and can be taken over. */
  adoptable: readonly string[];
  /** Docker Spaces that stand and are private: readers' browsers could not reach them. */
  hidden: readonly string[];
  /** Other owners under whom this token may make them. */
  owners: readonly string[];
};

/**
 * What a read-only check of one secret found. `unreachable` is no verdict on the secret: no one answered, and the
 * fault may be this network's. `credential` is to be used instead of what was typed: it is normalised.
 */
export type Probe<T> =
  | { verdict: 'accepted'; message: string; credential: T; rights: Permissions; warnings?: readonly string[] }
  | {
      verdict: 'rejected' | 'unreachable';
      code: string;
      message: string;
      remedy: string;
      alternatives?: FreePlanAlternatives;
    };
export type ProbeFailure = Exclude<Probe<never>, { verdict: 'accepted' }>;

/** The verdict of each service that was asked. */
export type ServiceVerdicts = { [S in keyof Credentials]?: Probe<Credentials[S]> };
