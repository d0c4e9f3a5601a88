import {
  targetsOf,
  vercelTargets,
  type FrontendVariable,
  type VercelTarget,
} from '../../clients/vercel-schemas.ts';

type VariableName = { name: string; target: VercelTarget };

/** The variable that an environment gets; one for a branch is no answer for all of it. */
export function findVariable(
  variables: readonly FrontendVariable[],
  { name, target }: VariableName,
): FrontendVariable | null {
  const found = variables.find(
    (one) => one.key === name && one.gitBranch == null && targetsOf(one).includes(target),
  );
  return found ?? null;
}

export function productionVariable(
  variables: readonly FrontendVariable[],
  name: string,
): FrontendVariable | null {
  return findVariable(variables, { name, target: 'production' });
}

/** As the journal names it: `NAME` for production, else `NAME@preview`. */
export function variableJournalId({ name, target }: VariableName): string {
  return target === 'production' ? name : `${name}@${target}`;
}

export function parseVariableId(id: string): VariableName {
  const [name = '', after = 'production'] = id.split('@');
  return { name, target: vercelTargets.find((one) => one === after) ?? 'production' };
}
