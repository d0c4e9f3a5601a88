import {
  targetsOf,
  vercelTargets,
  type FrontendVariable,
  type VercelTarget,
} from '../clients/vercel-schemas.ts';

type Named = { name: string; target: VercelTarget };

/** The variable that an environment gets; one for a branch is no answer for all of it. */
export function standingFor(
  variables: readonly FrontendVariable[],
  { name, target }: Named,
): FrontendVariable | null {
  const found = variables.find(
    (one) => one.key === name && one.gitBranch == null && targetsOf(one).includes(target),
  );
  return found ?? null;
}

export function productionOne(variables: readonly FrontendVariable[], name: string): FrontendVariable | null {
  return standingFor(variables, { name, target: 'production' });
}

/** As the journal names it: `NAME` for production, else `NAME@preview`. */
export function variableId({ name, target }: Named): string {
  return target === 'production' ? name : `${name}@${target}`;
}

export function variableOf(id: string): Named {
  const [name = '', after = 'production'] = id.split('@');
  return { name, target: vercelTargets.find((one) => one === after) ?? 'production' };
}
