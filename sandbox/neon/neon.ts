/**
 * Neon's API and its claim service (https://neon.com/docs/reference/neon-launchpad): each project is a database of the
 * sandbox's PostgreSQL.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Faults } from '../exchange/faults.ts';
import { serveRoutes, type Route, type RouteReply } from '../exchange/serve-routes.ts';
import { newId } from '../vercel/state.ts';

export type NeonStandIn = {
  url: string;
  apiKey: string;
  /** A project of the account that this tool did not make. */
  addProject(name: string): Promise<void>;
  controls: Record<string, (value: unknown) => void>;
  /** Ids of the projects, oldest first. */
  ids(): readonly string[];
  /** Projects by name; without connection strings. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

type SandboxNeonProject = {
  id: string;
  name: string;
  region: string;
  organisation: string;
  uri: string;
};
type SandboxClaimable = { id: string; project: SandboxNeonProject; expiresAt: number; isClaimed: boolean };

const hour = 3_600_000;
const organisation = { id: 'org-quiet-field-12345678', name: 'Ana', handle: 'ana' };
/** https://neon.com/docs/introduction/regions */
const regions = ['aws-us-east-1', 'aws-us-east-2', 'aws-us-west-2', 'aws-eu-central-1', 'aws-ap-southeast-1'];

const newProject = z.object({
  project: z.looseObject({
    name: z.string().max(64),
    region_id: z.string(),
    pg_version: z.number().int().min(14).max(18).optional(),
    org_id: z.string().optional(),
  }),
});

/** `addDatabase` makes a database with a role of its own, and returns its connection string. */
export async function startNeon(options: {
  faults: Faults;
  record: ExchangeRecord;
  addDatabase(): Promise<string>;
  now?: () => number;
}): Promise<NeonStandIn> {
  const { addDatabase, now = Date.now } = options;
  const apiKey = `napi_${newId('', 48).toLowerCase()}`;
  const projects: SandboxNeonProject[] = [];
  const claimable: SandboxClaimable[] = [];
  let mostProjects = 10;
  let claimHours = 72;
  let pageSize = 400;

  const create = async (name: string, region: string, owner: string): Promise<SandboxNeonProject> => {
    const id = `quiet-field-${newId('', 8).toLowerCase()}`;
    return { id, name, region, organisation: owner, uri: await addDatabase() };
  };
  const withKey =
    (handle: Route['handle']): Route['handle'] =>
    (call) =>
      call.headers.authorization === `Bearer ${apiKey}`
        ? handle(call)
        : failure(401, '', 'supplied credentials do not pass authentication');
  const projectAt = (id: string | undefined): SandboxNeonProject | undefined =>
    projects.find((project) => project.id === id);

  const routes: Route[] = [
    {
      method: 'POST',
      path: '/api/v1/database',
      name: 'create-claimable',
      writes: true,
      handle: async (call) => {
        if (!z.object({ ref: z.string().min(1) }).safeParse(call.json()).success)
          return { status: 400, json: { message: 'ref is required' } };
        const project = await create('claimable', 'aws-us-east-2', 'neon');
        const database = {
          id: randomUUID(),
          project,
          expiresAt: now() + claimHours * hour,
          isClaimed: false,
        };
        claimable.push(database);
        return { json: claimableView(database) };
      },
    },
    {
      method: 'GET',
      path: '/api/v1/database/:id',
      name: 'claimable',
      handle: ({ params }) => {
        const database = claimable.find(({ id }) => id === params['id']);
        const isGone = database === undefined || (!database.isClaimed && database.expiresAt <= now());
        return isGone ? { status: 404, json: { message: 'Not found' } } : { json: claimableView(database) };
      },
    },
    {
      method: 'GET',
      path: '/api/v2/users/me/organizations',
      name: 'organizations',
      handle: withKey(() => ({ json: { organizations: [organisation] } })),
    },
    {
      method: 'GET',
      path: '/api/v2/projects',
      name: 'projects',
      handle: withKey(({ query }) =>
        query.get('org_id') === null
          ? failure(400, '', 'org_id is required, you can find it on your organization settings page')
          : { json: projectPage(projects, { query, pageSize }) },
      ),
    },
    {
      method: 'POST',
      path: '/api/v2/projects',
      name: 'create-project',
      writes: true,
      handle: withKey(async (call) => {
        const body = newProject.safeParse(call.json());
        if (!body.success) return failure(400, '', body.error.issues[0]?.message ?? 'not valid');
        const { name, region_id: region, org_id: owner } = body.data.project;
        if (owner === undefined)
          return failure(400, '', 'org_id is required, you can find it on your organization settings page');
        if (!regions.includes(region)) return failure(400, '', `region ${region} is not supported`);
        if (projects.length >= mostProjects)
          return failure(422, 'PROJECTS_LIMIT_EXCEEDED', 'projects limit exceeded');
        const project = await create(name, region, owner);
        projects.push(project);
        return {
          status: 201,
          json: { project: projectView(project), connection_uris: [{ connection_uri: project.uri }] },
        };
      }),
    },
    {
      method: 'GET',
      path: '/api/v2/projects/:project/connection_uri',
      name: 'connection-uri',
      handle: withKey(({ params }) => {
        const project = projectAt(params['project']);
        return project === undefined ? notFound() : { json: { uri: project.uri } };
      }),
    },
    {
      method: 'DELETE',
      path: '/api/v2/projects/:project',
      name: 'delete-project',
      writes: true,
      handle: withKey(({ params }) => {
        const project = projectAt(params['project']);
        if (project === undefined) return notFound();
        projects.splice(projects.indexOf(project), 1);
        return { json: { project: projectView(project) } };
      }),
    },
  ];
  const { url, close } = await serveRoutes({
    ...options,
    vendor: 'neon',
    routes,
    notFound: () => notFound(),
  });

  function claimableView({ id, project, expiresAt, isClaimed }: SandboxClaimable): object {
    return {
      id,
      status: isClaimed ? 'CLAIMED' : 'UNCLAIMED',
      neon_project_id: project.id,
      connection_string: isClaimed ? null : project.uri,
      claim_url: `${url}/database/${id}`,
      expires_at: new Date(expiresAt).toISOString(),
      created_at: new Date(expiresAt - claimHours * hour).toISOString(),
      updated_at: new Date(now()).toISOString(),
    };
  }

  return {
    url,
    apiKey,
    addProject: async (name) => {
      projects.push(await create(name, 'aws-us-east-2', organisation.id));
    },
    controls: {
      /** How many projects the plan allows. */
      mostProjects: (value) => void (mostProjects = z.number().parse(value)),
      /** Projects of one page, however many are asked for. */
      pageSize: (value) => void (pageSize = z.number().parse(value)),
      /** Hours for which new databases without an account live. */
      claimHours: (value) => void (claimHours = z.number().parse(value)),
      /** The newest database without an account is claimed. */
      claimed: (value) => {
        const newest = claimable.at(-1);
        if (newest !== undefined) newest.isClaimed = z.boolean().parse(value);
      },
    },
    ids: () => projects.map(({ id }) => id),
    state: () => ({
      projects: projects.map(({ name, region }) => ({ name, region })),
      claimable: claimable.length,
    }),
    close,
  };
}

/** 10 by default, 400 at most; the cursor is the last project's, also on the last page. */
function projectPage(
  projects: readonly SandboxNeonProject[],
  { query, pageSize }: { query: URLSearchParams; pageSize: number },
): object {
  const size = Math.min(Number(query.get('limit') ?? 10), pageSize);
  const from = projects.findIndex(({ id }) => id === query.get('cursor')) + 1;
  const page = projects.slice(from, from + size);
  return { projects: page.map(projectView), pagination: { cursor: page.at(-1)?.id ?? '' } };
}

function projectView({ id, name, region, organisation: owner }: SandboxNeonProject): object {
  return { id, name, region_id: region, pg_version: 17, org_id: owner };
}

/** `{code, message, request_id}`, as all of Neon's errors. */
function failure(status: number, code: string, message: string): RouteReply {
  return { status, json: { code, message, request_id: randomUUID() } };
}

function notFound(): RouteReply {
  return failure(404, '', 'the requested resource is not found');
}
