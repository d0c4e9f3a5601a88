import * as z from 'zod';
import { readSource } from '../frontend/build-in-dir.ts';
import { deploy } from './deployments/deployment-routes.ts';
import { createProject, type SiteTools } from './project-routes.ts';
import type { VercelState } from './state.ts';

const siteBody = z.object({
  name: z.string(),
  folder: z.string(),
  framework: z.string().nullable().default(null),
  /** Null uses the sandbox's own simple builder. */
  build: z
    .object({
      command: z.array(z.string()).min(1),
      output: z.string(),
      modules: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  /** `owner/repository`; null for a project without a repository. */
  repository: z.string().nullable().default(null),
  team: z.string().nullable().default(null),
  /** Subfolder that is built. */
  rootDirectory: z.string().nullable().default(null),
  deployed: z.boolean().default(true),
  /** `sketched`: the first deployment uses the sandbox's own simple builder, the following ones `build`. */
  standing: z.enum(['built', 'sketched']).default('built'),
});

const pushBody = z.object({ project: z.string(), folder: z.string(), sha: z.string().length(40) });

/** Controls that create projects from a folder, and simulate pushes to their repositories. */
export function siteControls(
  state: VercelState,
  tools: SiteTools,
): Record<string, (value: unknown) => Promise<void>> {
  return {
    /** Creates a project: `{"name":"vite-env","folder":"/…","build":{"command":["node","build.mjs"],"output":"dist"}}`. */
    site: async (value) => {
      const {
        name,
        folder,
        framework,
        build,
        repository,
        team,
        deployed,
        standing: firstBuild,
        rootDirectory,
      } = siteBody.parse(value);
      const [org, repo] = repository?.split('/') ?? [];
      const link =
        org === undefined || repo === undefined
          ? null
          : { type: 'github', org, repo, productionBranch: 'main' };
      const accountId = state.teams.find(({ slug }) => slug === team)?.id ?? state.user.id;
      const project = await createProject(state, {
        ...tools,
        name,
        accountId,
        link,
        framework,
        rootDirectory,
        recipe: firstBuild === 'sketched' ? null : build,
      });
      if (deployed) {
        const source = await readSource(folder);
        const createdBy = link === null ? 'cli' : 'git';
        await deploy(state, { ...tools, project, source, target: 'production', createdBy, buildMs: 0 });
      }
      project.recipe = build;
    },
    /** Deploys a folder's current files as a commit: `{"project":"vite-env","folder":"/…","sha":"…"}`. */
    push: async (value) => {
      const { project: name, folder, sha } = pushBody.parse(value);
      const project = state.projects.find((candidate) => candidate.name === name);
      if (project === undefined) throw new Error(`The sandbox has no project ${name}.`);
      const source = await readSource(folder);
      const meta = { githubCommitSha: sha, githubCommitRef: 'main', githubDeployment: '1' };
      await deploy(state, { ...tools, project, source, target: 'production', createdBy: 'git', meta });
    },
  };
}
