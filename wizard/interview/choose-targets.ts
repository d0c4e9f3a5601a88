import { vercelTargets, type FrontendVariable, type VercelTarget } from '../clients/vercel-schemas.ts';
import { fingerprintIn } from '../hosting/space/fingerprint.ts';
import { vercelOf, type RunContext } from '../deployment/context.ts';
import { findVariable } from '../deployment/frontend/frontend-variable.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from '../model/runtime.ts';

/**
 * The environments that get the variable: those of `--frontend-targets`, else production and those that an earlier run
 * wrote it for. Offered once, before it stands anywhere; `back` leads to what was asked before.
 */
export async function chooseTargets(
  session: Session,
  context: RunContext,
  name: string,
): Promise<readonly VercelTarget[] | 'back'> {
  const { flags, renderer, runtime } = session;
  const { projectId } = context.target;
  if (flags.frontendTargets !== null) return targetsIn(flags.frontendTargets);
  if (projectId === null) return ['production'];
  const variables = await variablesBefore(context, projectId);
  const standing = vercelTargets.map((target) => findVariable(variables, { name, target }));
  const ours = vercelTargets.filter((_, at) => fingerprintIn(standing[at]?.comment) !== null);
  const isNew = standing.every((one) => one === null);
  if (!isNew || flags.yes || !renderer.canAsk || runtime.rehearsal) return together('production', ours);
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'FRONTEND_TARGETS',
      title: `Who gets ${name}?`,
      lines: ['A value is frozen into the pages when they are built.'],
      choices: [
        { value: 'production', label: 'Production', note: 'the live book' },
        { value: 'production,preview', label: 'Production and previews', note: 'each branch’s own build' },
        { value: vercelTargets.join(','), label: 'Development too', note: 'vercel dev and vercel env pull' },
      ],
      canGoBack: true,
    },
    { signal: runtime.signal },
  );
  if (reply.type === 'back') return 'back';
  if (reply.type !== 'choice') throw cancelledEarly();
  return targetsIn(reply.value);
}

/** The project's variables as the questions find them; the plan looks again. */
export function variablesBefore(
  context: RunContext,
  projectId: string,
): Promise<readonly FrontendVariable[]> {
  return context.state.frontendVariables(() => vercelOf(context).variables(projectId));
}

/** `production,preview`; production is always among them, for readers are there. */
function targetsIn(text: string): readonly VercelTarget[] {
  const words = text.split(',').map((word) => word.trim());
  return together(
    'production',
    vercelTargets.filter((one) => words.includes(one)),
  );
}

function together(first: VercelTarget, more: readonly VercelTarget[]): readonly VercelTarget[] {
  return [...new Set([first, ...more])];
}
