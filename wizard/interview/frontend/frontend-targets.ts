import { vercelTargets, type FrontendVariable, type VercelTarget } from '../../clients/vercel-schemas.ts';
import { vercelOf, type RunContext } from '../../deployment/context.ts';
import { findVariable } from '../../deployment/frontend/frontend-variable.ts';
import { fingerprintIn } from '../../hosting/fingerprint.ts';
import type { Session } from '../../model/runtime.ts';
import type { FlowQuestion } from '../flow.ts';
import type { FrontendState, ProposedTargets } from './frontend-state.ts';

/**
 * The environments that get the variable: those of `--frontend-targets`, else production and those that an earlier run
 * wrote it for. The user chooses once, before the variable exists anywhere.
 */
export async function proposeTargets(
  { flags, runtime }: Session,
  { context, variable, isInteractive }: { context: RunContext; variable: string; isInteractive: boolean },
): Promise<ProposedTargets> {
  const fixed = (targets: readonly VercelTarget[]): ProposedTargets => ({
    variable,
    targets,
    isOffered: false,
  });
  const { projectId } = context.target;
  if (flags.frontendTargets !== null) return fixed(parseTargets(flags.frontendTargets));
  if (projectId === null) return fixed(['production']);
  const variables = await projectVariables(context, projectId);
  const current = vercelTargets.map((target) => findVariable(variables, { name: variable, target }));
  const written = vercelTargets.filter((_, index) => fingerprintIn(current[index]?.comment) !== null);
  const isNew = current.every((existing) => existing === null);
  return {
    variable,
    targets: withProduction(written),
    isOffered: isNew && isInteractive && !runtime.rehearsal,
  };
}

export function targetsQuestion<S extends FrontendState>(after: readonly string[]): FlowQuestion<S> {
  return {
    id: 'FRONTEND_TARGETS',
    after,
    isRevisited: false,
    isOpen: areTargetsOpen,
    prompt: ({ proposedTargets }) => ({
      type: 'choice',
      name: 'FRONTEND_TARGETS',
      title: `Who gets ${proposedTargets?.variable}?`,
      lines: ['A value is frozen into the pages when they are built.'],
      choices: [
        { value: 'production', label: 'Production', note: 'the live book' },
        { value: 'production,preview', label: 'Production and previews', note: 'each branch’s own build' },
        { value: vercelTargets.join(','), label: 'Development too', note: 'vercel dev and vercel env pull' },
      ],
    }),
    answer: (state, reply) => {
      const { proposedTargets } = state;
      if (reply.type !== 'choice' || proposedTargets === undefined) return state;
      return { ...state, chosenTargets: { on: proposedTargets, value: parseTargets(reply.value) } };
    },
  };
}

export function areTargetsOpen({ proposedTargets, chosenTargets }: FrontendState): boolean {
  return proposedTargets?.isOffered === true && chosenTargets?.on !== proposedTargets;
}

/** The project's variables as the questions find them; the plan reads them again. */
export function projectVariables(
  context: RunContext,
  projectId: string,
): Promise<readonly FrontendVariable[]> {
  return context.state.frontendVariables(() => vercelOf(context).variables(projectId));
}

/** `production,preview`; production is always among them, because readers are there. */
function parseTargets(text: string): readonly VercelTarget[] {
  const words = text.split(',').map((word) => word.trim());
  return withProduction(vercelTargets.filter((target) => words.includes(target)));
}

function withProduction(targets: readonly VercelTarget[]): readonly VercelTarget[] {
  return [...new Set<VercelTarget>(['production', ...targets])];
}
