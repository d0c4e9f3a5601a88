import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import { readPages } from '../../clients/read-pages.ts';
import type { Http } from '../../clients/http.ts';
import { registerSecret, type Secret } from '../../model/secret.ts';
import { vendorCalls } from '../vendor-calls.ts';

export type NeonOptions = {
  /** `https://console.neon.tech/api/v2`. */
  apiUrl: string;
  /** `https://neon.new`. */
  claimUrl: string;
  http: Http;
  signal: AbortSignal;
};

/** https://neon.com/docs/reference/neon-launchpad */
const claimableSchema = z.looseObject({
  id: z.string(),
  /** `UNCLAIMED`, `CLAIMING`, `CLAIMED`. */
  status: z.string(),
  /** Null once it is claimed. */
  connection_string: z.string().nullish(),
  claim_url: z.string(),
  expires_at: z.string(),
});
export type NeonClaimable = z.infer<typeof claimableSchema>;

const projectSchema = z.looseObject({ id: z.string(), name: z.string(), region_id: z.string().nullish() });
const projectsSchema = z.looseObject({
  projects: z.array(projectSchema),
  pagination: z.looseObject({ cursor: z.string().nullish() }).nullish(),
});
export type NeonProject = z.infer<typeof projectSchema>;

const operationSchema = z.looseObject({
  operation: z.looseObject({ status: z.string(), error: z.string().nullish() }),
});

const neon = { service: 'postgres', vendor: 'Neon' } as const;

/** Of a new project: https://neon.com/docs/manage/roles */
const role = 'neondb_owner';

/** Makes a database that belongs to no account. Throws HttpFailure; not repeated by itself. */
export async function createClaimable({ http, signal, claimUrl }: NeonOptions): Promise<NeonClaimable> {
  return http.request({
    ...neon,
    what: 'creating a database',
    method: 'POST',
    url: `${claimUrl}/api/v1/database`,
    json: { ref: 'rag-space-setup' },
    schema: claimableSchema,
    timeoutMs: 60_000,
    signal,
  });
}

/** Null when it is gone: neither claimed in time nor kept. */
export async function readClaimable(
  { http, signal, claimUrl }: NeonOptions,
  id: string,
): Promise<NeonClaimable | null> {
  return http
    .request({
      ...neon,
      what: 'looking at the database',
      url: `${claimUrl}/api/v1/database/${encodeURIComponent(id)}`,
      schema: claimableSchema,
      signal,
    })
    .catch((error: unknown) => {
      if (error instanceof HttpFailure && error.status === 404) return null;
      throw error;
    });
}

/** The calls of one Neon account. All throw HttpFailure. */
export interface NeonAccount {
  /** Its first organisation, and the projects in it. */
  projects(): Promise<{ organisation: string; projects: readonly NeonProject[] }>;
  create(project: { name: string; region: string; organisation: string }): Promise<NeonProject>;
  connectionString(project: string): Promise<string>;
  /** Ends the role's password; its operations, after which the new one works. */
  resetPassword(project: string): Promise<readonly string[]>;
  operation(project: string, id: string): Promise<{ isDone: boolean; error: string | null }>;
  remove(project: string): Promise<void>;
}

/** https://api-docs.neon.tech/reference */
export function createNeonAccount(options: NeonOptions, key: Secret): NeonAccount {
  const authorization = `Bearer ${key.reveal()}`;
  const call = vendorCalls(options, { ...neon, baseUrl: options.apiUrl, authorization });
  const at = (project: string): string => `/projects/${encodeURIComponent(project)}`;
  return {
    projects: async () => {
      const schema = z.looseObject({ organizations: z.array(z.looseObject({ id: z.string() })) });
      const { organizations } = await call(schema, '/users/me/organizations', 'reading the account');
      const organisation = organizations[0]?.id ?? '';
      const what = 'listing the projects';
      const projects = await readPages({
        service: 'postgres',
        what,
        read: async (cursor) => {
          const at = cursor === null ? {} : { cursor };
          const query = new URLSearchParams({ limit: '100', org_id: organisation, ...at });
          const page = await call(projectsSchema, `/projects?${query}`, what);
          // The last page names a cursor too: after it comes an empty one.
          const next = page.projects.length === 0 ? null : page.pagination?.cursor || null;
          return { items: page.projects, next };
        },
      });
      return { organisation, projects };
    },
    create: async ({ name, region, organisation }) => {
      const json = { project: { name, region_id: region, pg_version: 17, org_id: organisation } };
      const schema = z.looseObject({ project: projectSchema });
      const request = { method: 'POST', json, timeoutMs: 60_000 } as const;
      return (await call(schema, '/projects', 'creating the project', request)).project;
    },
    connectionString: async (project) => {
      const query = new URLSearchParams({ database_name: 'neondb', role_name: role, pooled: 'true' });
      const schema = z.looseObject({ uri: z.string() });
      return (await call(schema, `${at(project)}/connection_uri?${query}`, 'reading the connection string'))
        .uri;
    },
    resetPassword: async (project) => {
      const schema = z.looseObject({
        branches: z.array(z.looseObject({ id: z.string(), default: z.boolean().nullish() })),
      });
      const { branches } = await call(schema, `${at(project)}/branches`, 'listing the branches');
      const branch = branches.find((candidate) => candidate.default === true) ?? branches[0];
      const path = `${at(project)}/branches/${encodeURIComponent(branch?.id ?? '')}/roles/${role}/reset_password`;
      const answer = z.looseObject({
        role: z.looseObject({ password: z.string().nullish() }).nullish(),
        operations: z.array(z.looseObject({ id: z.string() })),
      });
      const request = { method: 'POST', timeoutMs: 60_000 } as const;
      const { operations, role: changed } = await call(answer, path, 'resetting the password', request);
      registerSecret(changed?.password ?? '');
      return operations.map(({ id }) => id);
    },
    operation: async (project, id) => {
      const path = `${at(project)}/operations/${encodeURIComponent(id)}`;
      const { operation } = await call(operationSchema, path, 'waiting for the new password');
      const { status, error = null } = operation;
      const isDone = status === 'finished' || status === 'skipped';
      const hasFailed = ['failed', 'error', 'cancelled'].includes(status);
      return { isDone, error: hasFailed ? (error ?? status) : null };
    },
    remove: async (project) => {
      await call(z.unknown(), at(project), 'deleting the project', { method: 'DELETE' });
    },
  };
}
