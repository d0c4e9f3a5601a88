import type { SandboxDeployment, SandboxProject } from '../state.ts';

export type ReadyState = 'QUEUED' | 'INITIALIZING' | 'BUILDING' | 'READY' | 'ERROR' | 'CANCELED' | 'BLOCKED';

/** A deployment's state, and when it got its alias (milliseconds since the epoch, or null). */
export type DeploymentStage = {
  state: ReadyState;
  aliasedAt: number | null;
  aliasError: { code: string; message: string } | null;
};

/** Fractions of the build time at which each state begins. */
const begins = { initializing: 0.1, building: 0.25, ready: 0.85 } as const;

/** The stage is a pure function of time; no timer is needed. */
export function deploymentStage(deployment: SandboxDeployment, now: number): DeploymentStage {
  const { createdAt, buildMs, outcome, canceledAt } = deployment;
  const at = (share: number): boolean => now >= createdAt + share * buildMs;
  const plain = (state: ReadyState): DeploymentStage => ({ state, aliasedAt: null, aliasError: null });
  if (canceledAt !== null) return plain('CANCELED');
  if (!at(begins.initializing)) return plain('QUEUED');
  if (outcome === 'BLOCKED') return plain('BLOCKED');
  if (!at(begins.building)) return plain('INITIALIZING');
  if (outcome === 'stuck' || deployment.isBuilding) return plain('BUILDING');
  if (!at(begins.ready)) return plain('BUILDING');
  if (outcome === 'CANCELED' || outcome === 'ignored-build') return plain('CANCELED');
  if (outcome === 'ERROR' || deployment.buildError !== null) return plain('ERROR');
  if (!at(1) || outcome === 'READY-without-alias') return plain('READY');
  if (outcome === 'alias-error') {
    const aliasError = { code: 'alias_conflict', message: 'The alias is in use by another deployment.' };
    return { ...plain('READY'), aliasError };
  }
  return { state: 'READY', aliasedAt: createdAt + buildMs, aliasError: null };
}

/** Whether the stage is final. */
export function isOver(deployment: SandboxDeployment, now: number): boolean {
  const { state, aliasedAt, aliasError } = deploymentStage(deployment, now);
  if (state === 'READY')
    return aliasedAt !== null || aliasError !== null || deployment.outcome === 'READY-without-alias';
  return state === 'ERROR' || state === 'CANCELED' || state === 'BLOCKED';
}

/** The deployment that the project's own host serves: the newest production deployment with an alias. */
export function productionOf(project: SandboxProject, now: number): SandboxDeployment | undefined {
  return project.deployments
    .filter(
      (deployment) =>
        deployment.target === 'production' && deploymentStage(deployment, now).aliasedAt !== null,
    )
    .sort((a, b) => (b.promotedAt ?? b.createdAt) - (a.promotedAt ?? a.createdAt))[0];
}
