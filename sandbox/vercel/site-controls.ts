import { z } from 'zod';
import { readSource } from '../frontend/build-in-dir.ts';
import { deploy } from './deployments/deployment-routes.ts';
import { createProject, type SiteTools } from './project-routes.ts';
import type { VercelState } from './state.ts';

const siteBody = z.object({
  name: z.string(),
  folder: z.string(),
  framework: z.string().nullable().default(null),
  /** Null leaves it to the sandbox's own small builder. */
  build: z
    .object({
      command: z.array(z.string()).min(1),
      output: z.string(),
      modules: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  /** `owner/repository`; null for a project that is deployed by hand. */
  repository: z.string().nullable().default(null),
  team: z.string().nullable().default(null),
  /** Folder below it that is built. */
  rootDirectory: z.string().nullable().default(null),
  deployed: z.boolean().default(true),
  /** `sketched`: its first deployment is the sandbox's own small builder's; the recipe is for those that follow. */
  standing: z.enum(['built', 'sketched']).default('built'),
});

const pushBody = z.object({ project: z.string(), folder: z.string(), sha: z.string().length(40) });

/** Projects made of a folder's files, and the deployments that a push to their repository starts. */
export function siteControls(
  world: VercelState,
  tools: SiteTools,
): Record<string, (value: unknown) => Promise<void>> {
  return {
    /** `{"name":"vite-env","folder":"/…","build":{"command":["node","build.mjs"],"output":"dist"}}`. */
    site: async (value) => {
      const { name, folder, framework, build, repository, team, deployed, standing, rootDirectory } =
        siteBody.parse(value);
      const [org, repo] = repository?.split('/') ?? [];
      const link =
        org === undefined || repo === undefined
          ? null
          : { type: 'github', org, repo, productionBranch: 'main' };
      const accountId = world.teams.find(({ slug }) => slug === team)?.id ?? world.user.id;
      const project = await createProject(world, {
        ...tools,
        name,
        accountId,
        link,
        framework,
        rootDirectory,
        recipe: standing === 'sketched' ? null : build,
      });
      if (deployed) {
        const source = await readSource(folder);
        const createdBy = link === null ? 'cli' : 'git';
        await deploy(world, { ...tools, project, source, target: 'production', createdBy, buildMs: 0 });
      }
      project.recipe = build;
    },
    /** `{"project":"vite-env","folder":"/…","sha":"…"}`: its files as they are now, as that commit. */
    push: async (value) => {
      const { project: name, folder, sha } = pushBody.parse(value);
      const project = world.projects.find((one) => one.name === name);
      if (project === undefined) throw new Error(`The sandbox has no project ${name}.`);
      const source = await readSource(folder);
      const meta = { githubCommitSha: sha, githubCommitRef: 'main', githubDeployment: '1' };
      await deploy(world, { ...tools, project, source, target: 'production', createdBy: 'git', meta });
    },
  };
}
