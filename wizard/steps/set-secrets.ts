import type { RunEvent } from '../model/run/event.ts';
import { fingerprint, fingerprintIn, noteFor } from '../hosting/space/fingerprint.ts';
import { Failure } from '../model/failure.ts';
import type { RunContext } from '../deployment/context.ts';
import { hubOf, spacePageUrl } from '../hosting/space/space-access.ts';
import { desiredSecrets } from '../deployment/desired-state.ts';
import { existingSecretNames } from '../deployment/server/existing-secrets.ts';
import { spaceSettingsOf } from '../deployment/server/space-settings.ts';
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

const step = { id: 'set-secrets', service: 'huggingface' } as const;

/** Told apart by the fingerprint in each secret's description, because the Hub never gives a value back. */
export const setSecrets: Step = { ...step, affectedBy: [], inspect };

type SecretChange = {
  name: string;
  value: string;
  kind: 'new' | 'changes' | 'unknown' | 'unchanged';
  /** A variable of the same name, which the Hub would refuse beside it, goes first. */
  isVariable: boolean;
};

async function inspect(context: RunContext, earlier: PreviousOutcomes): Promise<StepPlan> {
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const { space } = context.target;
  context.state.invalidate('spaceSettings');
  const { secrets: standing, variables } = await spaceSettingsOf(context);
  const secrets = Object.entries(desiredSecrets(context)).map(([name, value]): SecretChange => {
    const note = name in standing ? fingerprintIn(standing[name]?.description) : undefined;
    const kinds = { same: 'unchanged', other: 'changes' } as const;
    const kind =
      note === undefined
        ? 'new'
        : note === null
          ? 'unknown'
          : kinds[note === fingerprint({ space, value }) ? 'same' : 'other'];
    return { name, value, kind, isVariable: name in variables };
  });
  const summary = summariseChanges(secrets, 'secret');
  const { existingSecrets: kept } = context.settings;
  const names = kept === undefined ? [] : existingSecretNames(kept);
  const stay = names.length === 0 ? '' : `${names.length} kept, in the Space`;
  const kind = summary.kind;
  const what = [...(secrets.length === 0 ? [] : [summary.what]), ...(stay === '' ? [] : [stay])].join('; ');
  const pending = secrets.filter((secret) => secret.kind !== 'unchanged' || secret.isVariable);
  if (pending.length === 0) {
    return earlier.get('create-space') === 'changed' ? setAtCreation(what) : unchanged(step, what);
  }
  const clashes = pending.filter(({ isVariable }) => isVariable).map(({ name }) => name);
  const note = clashes.length === 0 ? '' : ` (removes the public variable ${clashes.join(', ')})`;
  return planChange(step, kind === 'unchanged' ? 'changes' : kind, `${what}${note}`, () =>
    write(context, pending),
  );
}

function setAtCreation(what: string): StepPlan {
  // oxlint-disable-next-line require-yield -- nothing is left to be done
  return planChange(step, 'new', what, async function* () {
    return { outcome: 'changed', reason: `${what}, given to the Space at its creation` };
  });
}

/** One after the other: the Hub loses parallel writes. */
async function* write(
  context: RunContext,
  secrets: readonly SecretChange[],
): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const hub = hubOf(context);
  context.state.invalidate('spaceSettings');
  for (const [done, { name, value, kind, isVariable }] of secrets.entries()) {
    yield progress(step, { done, total: secrets.length, note: name });
    const change = kind === 'new' ? 'created' : 'changed';
    const entry = { step: step.id, change, thing: 'secret', id: name, place: space, previous: null } as const;
    await withJournal(context, entry, async () => {
      if (isVariable) await hub.removeVariable(space, name);
      await hub.setSecret(space, { key: name, value, description: noteFor({ space, value }) });
    });
  }
  await verifyPersisted(context, secrets);
  return { outcome: 'changed', reason: `${secrets.map(({ name }) => name).join(', ')} set` };
}

/** A value never comes back; its name and fingerprint do. Looked at twice: the Hub may need a moment. */
async function verifyPersisted(context: RunContext, secrets: readonly SecretChange[]): Promise<void> {
  const { space } = context.target;
  for (let look = 1; ; look++) {
    const standing = await hubOf(context).secrets(space);
    const lost = secrets.find(({ name, value }) => {
      const mark = fingerprintIn(standing[name]?.description);
      return !(name in standing) || (mark !== null && mark !== fingerprint({ space, value }));
    });
    if (lost === undefined) return;
    if (look === 2) throw valueNotPersisted(context, lost.name);
    await context.sleep(1_000, { signal: context.signal });
  }
}

function valueNotPersisted(context: RunContext, name: string): Failure {
  return new Failure({
    code: 'secret-not-kept',
    service: step.service,
    message: `The Space’s secret ${name} reads back as something other than what was written.`,
    remedy: `Look at ${spacePageUrl(context, '/settings')} on Hugging Face, then run again.`,
  });
}
