import { z } from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import { readPages } from '../../clients/read-pages.ts';
import type { Http, HttpRequest } from '../../clients/http.ts';
import type { Secret } from '../../model/secret.ts';

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

/** Makes a database that belongs to no account. Throws HttpFailure; not repeated by itself. */
export async function createClaimable({ http, signal, claimUrl }: NeonOptions): Promise<NeonClaimable> {
  return http.request({
    service: 'postgres',
    what: 'creating a database at Neon',
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
      service: 'postgres',
      what: 'looking at the database at Neon',
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
  remove(project: string): Promise<void>;
}

/** https://api-docs.neon.tech/reference */
export function createNeonAccount({ apiUrl, http, signal }: NeonOptions, key: Secret): NeonAccount {
  const call = <T>(
    schema: z.ZodType<T>,
    path: string,
    what: string,
    request: Partial<HttpRequest> = {},
  ): Promise<T> =>
    http.request({
      service: 'postgres',
      what,
      url: `${apiUrl}${path}`,
      headers: { authorization: `Bearer ${key.reveal()}` },
      schema,
      signal,
      ...request,
    });
  const at = (project: string): string => `/projects/${encodeURIComponent(project)}`;
  return {
    projects: async () => {
      const schema = z.looseObject({ organizations: z.array(z.looseObject({ id: z.string() })) });
      const { organizations } = await call(schema, '/users/me/organizations', 'reading the Neon account');
      const organisation = organizations[0]?.id ?? '';
      const what = 'listing the Neon projects';
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
      return (await call(schema, '/projects', 'creating a project at Neon', request)).project;
    },
    connectionString: async (project) => {
      const query = new URLSearchParams({
        database_name: 'neondb',
        role_name: 'neondb_owner',
        pooled: 'true',
      });
      const schema = z.looseObject({ uri: z.string() });
      return (await call(schema, `${at(project)}/connection_uri?${query}`, 'reading the connection string'))
        .uri;
    },
    remove: async (project) => {
      await call(z.unknown(), at(project), 'deleting the Neon project', { method: 'DELETE' });
    },
  };
}
