import * as z from 'zod';
import type { Route } from '../exchange/serve-routes.ts';
import {
  createProject,
  isoTime,
  neonError,
  organisation,
  withKey,
  withProject,
  type NeonState,
  type SandboxNeonProject,
} from './state.ts';

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

const noOrganisation = 'org_id is required, you can find it on your organization settings page';

/** The account and its projects. */
export function projectRoutes(state: NeonState): Route[] {
  const { projects } = state;
  return [
    {
      method: 'GET',
      path: '/api/v2/users/me',
      name: 'user',
      handle: withKey(state, () => ({
        json: {
          id: 'ana',
          login: 'ana',
          name: 'Ana',
          last_name: 'Field',
          email: 'ana@example.com',
          image: '',
          plan: 'free_v3',
          projects_limit: state.mostProjects,
          branches_limit: 10,
          max_autoscaling_limit: 2,
          auth_accounts: [],
        },
      })),
    },
    {
      method: 'GET',
      path: '/api/v2/users/me/organizations',
      name: 'organizations',
      handle: withKey(state, () => ({ json: { organizations: [organisation] } })),
    },
    {
      method: 'GET',
      path: '/api/v2/projects',
      name: 'projects',
      handle: withKey(state, ({ query }) =>
        query.get('org_id') === null
          ? neonError(400, '', noOrganisation)
          : { json: projectPage(projects, { query, pageSize: state.pageSize }) },
      ),
    },
    {
      method: 'POST',
      path: '/api/v2/projects',
      name: 'create-project',
      writes: true,
      handle: withKey(state, async (call) => {
        const body = newProject.safeParse(call.json());
        if (!body.success) return neonError(400, '', body.error.issues[0]?.message ?? 'not valid');
        const { name, region_id: region, org_id: owner } = body.data.project;
        if (owner === undefined) return neonError(400, '', noOrganisation);
        if (!regions.includes(region)) return neonError(400, '', `region ${region} is not supported`);
        if (projects.length >= state.mostProjects)
          return neonError(422, 'PROJECTS_LIMIT_EXCEEDED', 'projects limit exceeded');
        const project = await createProject(state, { name, region, owner });
        projects.push(project);
        return {
          status: 201,
          json: { project: projectView(project), connection_uris: [{ connection_uri: project.uri }] },
        };
      }),
    },
    {
      method: 'GET',
      path: '/api/v2/projects/:project',
      name: 'project',
      handle: withProject(state, (project) => ({ json: { project: projectView(project) } })),
    },
    {
      method: 'GET',
      path: '/api/v2/projects/:project/connection_uri',
      name: 'connection-uri',
      handle: withProject(state, ({ uri }) => ({ json: { uri } })),
    },
    {
      method: 'DELETE',
      path: '/api/v2/projects/:project',
      name: 'delete-project',
      writes: true,
      handle: withProject(state, (project) => {
        projects.splice(projects.indexOf(project), 1);
        return { json: { project: projectView(project) } };
      }),
    },
  ];
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

function projectView({ id, name, region, organisation: owner, createdAt }: SandboxNeonProject): object {
  return { id, name, region_id: region, pg_version: 17, org_id: owner, created_at: isoTime(createdAt) };
}
