import type { SpaceSecrets, SpaceVariables } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import type { ChangeKind } from '../model/run/plan.ts';
import { marker } from '../hosting/space/fingerprint.ts';
import type { RunContext } from '../deployment/context.ts';
import { hubOf, spacePageUrl } from '../hosting/space/space-access.ts';
import { desiredState } from '../deployment/desired-state.ts';
import { spaceSettingsOf } from '../deployment/server/space-settings.ts';
import { describeOriginChanges } from '../deployment/frontend/allowed-origins.ts';
import {
  withJournal,
  progress,
  skipped,
  summariseChanges,
  planChange,
  unchanged,
  type StepResult,
  type PreviousOutcomes,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'set-variables', service: 'huggingface' } as const;
/** Set only for another address than the default one, so it must go when that is over. */
const optional = 'GOOGLE_GEMINI_BASE_URL';

/** The Space's public settings; `DEPLOYMENT_ID` last, and only when something else made it another. */
export const setVariables: Step = { ...step, affectedBy: [], inspect };

type VariableChange = {
  name: string;
  /** Null removes it. */
  value: string | null;
  standing: string | null;
  kind: ChangeKind;
  isSecret: boolean;
};

async function inspect(context: RunContext, earlier: PreviousOutcomes): Promise<StepPlan> {
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const { variables: standing, secrets } = await spaceSettingsOf(context);
  const desired = await desiredState(context, {
    standingOrigins: standing['ALLOWED_ORIGINS']?.value ?? null,
  });
  const variables = compare({ desired: desired.variables, standing, secrets });
  const pending = variables.filter(({ kind, isSecret }) => kind !== 'unchanged' || isSecret);
  const { kind, what: summary } = summariseChanges(variables, 'variable');
  const what = [summary, originsNoteOf(variables)].filter((part) => part !== '').join('; ');
  if (pending.length === 0) {
    return earlier.get('create-space') === 'changed' ? setAtCreation(what) : unchanged(step, what);
  }
  const clashes = pending.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  const note = clashes.length === 0 ? '' : ` (removes the secret ${clashes.join(', ')}, whose value is lost)`;
  return planChange(step, kind === 'unchanged' ? 'changes' : kind, `${what}${note}`, () =>
    write(context, pending),
  );
}

function originsNoteOf(variables: readonly VariableChange[]): string {
  const origins = variables.find(({ name }) => name === 'ALLOWED_ORIGINS');
  if (origins === undefined || origins.value === null) return '';
  return describeOriginChanges({ standing: origins.standing, next: origins.value });
}

function compare(of: {
  desired: Readonly<Record<string, string>>;
  standing: SpaceVariables;
  secrets: SpaceSecrets;
}): VariableChange[] {
  const { desired, standing, secrets } = of;
  const gone =
    !(optional in desired) && standing[optional]?.description === marker
      ? [
          {
            name: optional,
            value: null,
            standing: standing[optional].value,
            kind: 'changes',
            isSecret: false,
          } as const,
        ]
      : [];
  const wanted = Object.entries(desired).map(([name, value]): VariableChange => {
    const old = standing[name]?.value ?? null;
    const kind = old === null ? 'new' : old === value ? 'unchanged' : 'changes';
    return { name, value, standing: old, kind, isSecret: name in secrets };
  });
  return [...gone, ...wanted];
}

function setAtCreation(what: string): StepPlan {
  // oxlint-disable-next-line require-yield -- nothing is left to be done
  return planChange(step, 'new', what, async function* () {
    return { outcome: 'changed', reason: `${what}, given to the Space at its creation` };
  });
}

async function* write(
  context: RunContext,
  variables: readonly VariableChange[],
): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const hub = hubOf(context);
  context.state.invalidate('spaceSettings');
  for (const [done, { name, value, standing, isSecret }] of variables.entries()) {
    yield progress(step, { done, total: variables.length, note: name });
    const change = value === null ? 'removed' : standing === null ? 'created' : 'changed';
    const entry = {
      step: step.id,
      change,
      thing: 'variable',
      id: name,
      place: space,
      previous: standing,
    } as const;
    await withJournal(context, entry, async () => {
      if (value === null) return hub.removeVariable(space, name);
      if (isSecret) await hub.removeSecret(space, name);
      const kept = await hub.setVariable(space, { key: name, value, description: marker });
      if (kept[name]?.value !== value) throw valueNotPersisted(context, name);
    });
  }
  return { outcome: 'changed', reason: `${variables.map(({ name }) => name).join(', ')} set` };
}

function valueNotPersisted(context: RunContext, name: string): Failure {
  return new Failure({
    code: 'variable-not-kept',
    service: 'huggingface',
    message: `The Space’s variable ${name} reads back as something other than what was written.`,
    remedy: `Look at ${spacePageUrl(context, '/settings')}, then run again.`,
  });
}
