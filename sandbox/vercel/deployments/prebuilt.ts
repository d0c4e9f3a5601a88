import { createFunctionHost, readBuiltFunction } from '../functions/function-host.ts';
import type { SiteTools } from '../project-routes.ts';
import type { SandboxDeployment, VercelState } from '../state.ts';

/** The function of an output that was built elsewhere; null for a source. */
export function prebuiltOf(
  state: VercelState,
  { source, env, reaper }: Pick<SandboxDeployment, 'source' | 'env'> & Pick<SiteTools, 'reaper'>,
): Pick<SandboxDeployment, 'functionHost' | 'build' | 'buildError'> | null {
  try {
    const built = readBuiltFunction(source);
    if (built === null) return null;
    const policy = (): VercelState['functions'] => state.functions;
    const functionHost = createFunctionHost({ built, env, policy, reaper, now: state.now });
    return { functionHost, build: null, buildError: null };
  } catch (error) {
    return { functionHost: null, build: null, buildError: (error as Error).message };
  }
}
