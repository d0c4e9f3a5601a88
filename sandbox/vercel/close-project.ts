import type { SandboxProject } from './state.ts';

/** Ends a project's sites and the processes of its functions. */
export async function closeProject({ sites, deployments }: SandboxProject): Promise<void> {
  await Promise.all([
    ...sites.map((site) => site.close()),
    ...deployments.map(({ functionHost }) => functionHost?.close()),
  ]);
}
