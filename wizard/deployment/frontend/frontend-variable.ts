import {
  targetsOf,
  vercelTargets,
  type FrontendVariable,
  type VercelTarget,
} from '../../clients/vercel-schemas.ts';

type VariableName = { name: string; target: VercelTarget };

/** The variable of an environment; one for a single branch does not count. */
export function findVariable(
  variables: readonly FrontendVariable[],
  { name, target }: VariableName,
): FrontendVariable | null {
  const match = variables.find(
    (variable) => variable.key === name && variable.gitBranch == null && targetsOf(variable).includes(target),
  );
  return match ?? null;
}

/** The variable that production is built with. */
export function productionVariable(
  variables: readonly FrontendVariable[],
  name: string,
): FrontendVariable | null {
  return findVariable(variables, { name, target: 'production' });
}

/** The journal's id of a variable: `NAME` for production, else `NAME@preview`. */
export function variableJournalId({ name, target }: VariableName): string {
  return target === 'production' ? name : `${name}@${target}`;
}

/** The reverse of `variableJournalId`. */
export function parseVariableId(id: string): VariableName {
  const [name = '', suffix = 'production'] = id.split('@');
  return { name, target: vercelTargets.find((target) => target === suffix) ?? 'production' };
}
