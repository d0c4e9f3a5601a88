import * as z from 'zod';
import { projectOf, requireScope, type GuardedRoute } from './access.ts';
import { badRequest, VercelApiError } from './errors.ts';
import { createProject, type SiteTools } from './project-routes.ts';
import { findProjectOf, type SandboxProject, type VercelState } from './state.ts';
import { projectView } from './views.ts';

const protection = z
  .object({
    deploymentType: z.enum([
      'all',
      'all_except_custom_domains',
      'preview',
      'prod_deployment_urls_and_all_previews',
    ]),
  })
  .nullable();
const newProjectBody = z.looseObject({
  name: z.string(),
  framework: z.string().nullish(),
  ssoProtection: protection.optional(),
});
const editBody = z.looseObject({ ssoProtection: protection.optional() });

/** Names of projects: https://vercel.com/docs/rest-api/projects/create-a-new-project */
const projectName = /^(?!.*---)[a-z0-9._-]{1,100}$/;

/** Routes that create a project and change its settings. */
export function ownProjectRoutes(state: VercelState, tools: SiteTools): GuardedRoute[] {
  return [
    ...['/v9', '/v10', '/v11'].map((version): GuardedRoute => ({
      method: 'POST',
      path: `${version}/projects`,
      name: 'create-project',
      writes: true,
      handle: async (call, access) => {
        requireScope(access);
        const { name, framework, ssoProtection } = parse(newProjectBody, call.json());
        if (!projectName.test(name))
          throw badRequest(
            "Project names can be up to 100 characters long and must be lowercase. They can include letters, digits, and the following characters: '.', '_', '-'. However, they cannot contain the sequence '---'.",
          );
        if (findProjectOf(state, { accountId: access.accountId, idOrName: name }) !== undefined)
          throw new VercelApiError({
            status: 409,
            code: 'conflict',
            message: `Project "${name}" already exists, please use a new name.`,
          });
        const project = await createProject(state, {
          ...tools,
          name,
          accountId: access.accountId,
          link: null,
          framework: framework ?? null,
        });
        project.unpublished = 'all';
        // Since 2023 new projects have Standard Protection: all but the production domain.
        project.protection = ssoProtection === null ? null : state.protectsNewProjects ? 'all' : 'standard';
        return { json: projectView(state, project) };
      },
    })),
    {
      method: 'PATCH',
      path: '/v9/projects/:project',
      name: 'edit-project',
      writes: true,
      handle: (call, access) => {
        const project = projectOf(state, { access, idOrName: call.params['project'] ?? '' });
        const { ssoProtection } = parse(editBody, call.json());
        if (ssoProtection !== undefined) project.protection = levelOf(ssoProtection);
        return { json: projectView(state, project) };
      },
    },
  ];
}

function levelOf(value: z.output<typeof protection>): SandboxProject['protection'] {
  if (value === null) return null;
  return value.deploymentType === 'all' ? 'all' : 'standard';
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badRequest(`Invalid request: ${parsed.error.issues[0]?.message ?? 'not valid'}`);
  return parsed.data;
}
