import type { EnvTarget, SandboxProject } from '../state.ts';

/** The variables that a new deployment gets. */
export const variablesFor = (project: SandboxProject, target: EnvTarget): Record<string, string> =>
  Object.fromEntries(
    project.variables
      .filter((variable) => variable.target.includes(target))
      .map(({ key, value }) => [key, value]),
  );
