import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { changedDeploymentId } from '../../deployment/server/changed-deployment-id.ts';
import { assertModelsAvailable, preferencesOf } from '../../diagnosis/space-models.ts';
import type { NewSecrets } from '../../hosting/hosted-settings.ts';
import type { Resource } from '../../interview/fact-store.ts';
import type { Credentials } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import { assertDataPresent } from './check-rotated-data.ts';
import { provenPassword } from './reset-password.ts';
import { changedSecrets, rotationPlan } from './rotation-plan.ts';
import {
  isClusterGiven,
  isKeyMade,
  isPasswordReset,
  newCredentials,
  rotatedServices,
  type RotatedService,
  type RotationOutcome,
  type RotationState,
  type RotationTarget,
} from './rotation-state.ts';

/** What the new values change, once their services accept them all. */
export function outcomeResource(session: Session): Resource<RotationState> {
  return {
    id: 'rotation-outcome',
    key: (state) => {
      const { target, names } = state;
      const verdicts = rotatedServices(state).map((service) => state[service]);
      const isAccepted = verdicts.every((probe) => probe?.verdict === 'accepted');
      return target !== undefined && names !== null && isAccepted ? [target, names, ...verdicts] : null;
    },
    load: async (state) => {
      const { target, isInteractive } = state;
      if (target === undefined) return {};
      try {
        return { outcome: await outcomeOf(session, { state, target }) };
      } catch (error) {
        // Of a key that was made there is no other one to ask for.
        if (!isInteractive || !isUnfit(error) || isKeyMade(state)) throw error;
        return { outcome: { type: 'unfit', failure: error } };
      }
    },
  };
}

/** Emits the plan. Throws Failure where a value does not fit the Space. */
async function outcomeOf(
  session: Session,
  { state, target }: { state: RotationState; target: RotationTarget },
): Promise<RotationOutcome> {
  const { context, settings } = target;
  const credentials = newCredentials(state);
  if (rotatedServices(state).includes('gemini'))
    assertModelsAvailable(credentials.gemini, preferencesOf(settings));
  const changed = changedSecrets(context, {
    names: state.names ?? [],
    credentials,
    settings,
    isClusterGiven: isClusterGiven(state),
  });
  const id = await changedDeploymentId(context, { settings, changed });
  const isReset = isPasswordReset(state);
  const isUnchanged = Object.keys(changed).length === 0 && !isReset;
  if (isUnchanged && id === settings.variables['DEPLOYMENT_ID']?.value) return { type: 'unchanged' };
  await assertDataPresent(session, { credentials, changed, settings });
  const plan = rotationPlan(context, { settings, changed, id, isReset });
  session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
  return { type: 'planned', plan, changed, id };
}

/** Accepted by its service, but no value for this Space: another one can be given. */
function isUnfit(error: unknown): error is Failure {
  const codes = ['model-not-open', 'conversations-not-readable', 'collection-not-there'];
  return error instanceof Failure && codes.includes(error.code);
}

/** What an accepted plan writes. A password that Neon makes is made here, and proved. Throws Failure. */
export async function replacementsOf(
  session: Session,
  options: {
    state: RotationState;
    inputs: Pick<CommandInputs, 'endpoints' | 'http'>;
    target: RotationTarget;
    outcome: Extract<RotationOutcome, { type: 'planned' }>;
  },
): Promise<{ credentials: Pick<Credentials, RotatedService>; changed: NewSecrets; id: string }> {
  const { state, inputs, target, outcome } = options;
  const { changed, id } = outcome;
  const credentials = newCredentials(state);
  const { ownDatabase = null } = state;
  if (!isPasswordReset(state) || ownDatabase === null) return { credentials, changed, id };
  const url = await provenPassword(session, { inputs, target, ownDatabase });
  const all = { ...changed, DATABASE_URL: url };
  return {
    credentials: { ...credentials, postgres: { ...credentials.postgres, url } },
    changed: all,
    id: await changedDeploymentId(target.context, { settings: target.settings, changed: all }),
  };
}
