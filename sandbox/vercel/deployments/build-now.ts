import { buildSite } from '../../frontend/build-site.ts';
import type { ProjectFiles } from '../../frontend/site-source.ts';
import type { SandboxDeployment } from '../state.ts';

/** Builds with the sandbox's own simple builder. */
export function buildNow(
  source: ProjectFiles,
  env: Record<string, string>,
): Pick<SandboxDeployment, 'build' | 'buildError'> {
  try {
    return { build: buildSite({ source, env }), buildError: null };
  } catch (error) {
    return { build: null, buildError: (error as Error).message };
  }
}
