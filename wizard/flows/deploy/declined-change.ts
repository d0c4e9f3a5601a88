import type { DeployState } from './deploy-state.ts';

/** After a proof that found the page unwired: the change of its source that was declined, as a way on. */
export function declinedChange(
  state: Pick<DeployState, 'failure' | 'proposedWiring' | 'writesChange'>,
): { label: string; note: string } | null {
  const { failure, proposedWiring, writesChange } = state;
  const change = proposedWiring?.change ?? null;
  const isWritten = writesChange !== null && writesChange.on === proposedWiring && writesChange.value;
  if (failure?.code !== 'frontend-not-wired' || change === null || isWritten) return null;
  return { label: 'Show the change of your source and make it', note: change.paths.join(', ') };
}
