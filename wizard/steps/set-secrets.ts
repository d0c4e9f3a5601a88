import { variableNames } from '../../server/contract.ts';
import type { RunContext } from '../deployment/context.ts';
import { desiredSecrets } from '../deployment/desired-state.ts';
import { existingSecretNames } from '../deployment/server/existing-secrets.ts';
import { hostedSettingsOf } from '../deployment/server/hosted-settings-of.ts';
import { fingerprint, fingerprintIn } from '../hosting/fingerprint.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import { Failure } from '../model/failure.ts';
import { looksLikeSecret } from '../model/formats/looks-like-secret.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  hostedStep,
  planChange,
  progress,
  setAtCreation,
  skipped,
  summariseChanges,
  unchanged,
  withJournal,
  type PreviousOutcomes,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const id = 'set-secrets';

/** Compares secrets by the fingerprints in their descriptions, because the Hub never returns a value. */
export const setSecrets: Step = { id, service: hostingService, affectedBy: [], inspect };

type SecretChange = {
  name: string;
  value: string;
  kind: 'new' | 'changes' | 'unknown' | 'unchanged';
  /** The value of a variable of the same name: it is removed first, or the Hub would refuse the secret. */
  variable: string | null;
};

async function inspect(context: RunContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const step = hostedStep(context, id);
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  context.state.invalidate('hostedSettings');
  const { secrets: current, variables } = await hostedSettingsOf(context);
  const desired = desiredSecrets(context);
  // Of a name that this tool writes, it removes the other one.
  const ours = new Set([...Object.keys(desired), ...variableNames]);
  const colliding = Object.keys(current).filter((name) => name in variables && !ours.has(name));
  if (colliding.length > 0) throw namesCollide(context, colliding);
  const secrets = Object.entries(desired).map(([name, value]): SecretChange => {
    const description = name in current ? (current[name]?.description ?? '') : null;
    return {
      name,
      value,
      kind: kindOf(context, { value, description }),
      variable: variables[name]?.value ?? null,
    };
  });
  const summary = summariseChanges(secrets, 'secret');
  const { existingSecrets } = context.settings;
  const kept = existingSecrets === undefined ? [] : existingSecretNames(existingSecrets);
  const parts = [
    secrets.length === 0 ? '' : summary.what,
    kept.length === 0 ? '' : `${kept.length} kept at the server`,
  ];
  const what = parts.filter((part) => part !== '').join('; ');
  const pending = secrets.filter(({ kind, variable }) => kind !== 'unchanged' || variable !== null);
  if (pending.length === 0) {
    return previous.get('create-space') === 'changed' ? setAtCreation(step, what) : unchanged(step, what);
  }
  const clashes = pending.filter(({ variable }) => variable !== null).map(({ name }) => name);
  const note = clashes.length === 0 ? '' : ` (removes the public variable ${clashes.join(', ')})`;
  // No vendor shows a secret, so nothing can be kept of one that its owner set.
  const lost = pending.filter((secret) => secret.kind === 'unknown').map(({ name }) => name);
  const loss = lost.length === 0 ? '' : ` (undo does not bring back ${lost.join(', ')})`;
  const kind = summary.kind === 'unchanged' ? 'changes' : summary.kind;
  return planChange(step, kind, `${what}${note}${loss}`, () => write(context, pending));
}

/** The Hub does not start a Space in which a name is both (CONFIG_ERROR); which of the two is meant, only its owner knows. */
function namesCollide(context: RunContext, names: readonly string[]): Failure {
  return new Failure({
    code: 'settings-collide',
    service: hostingService(context),
    message: `In the Space, ${names.join(', ')} is both a secret and a variable: the Hub does not start it so. Nothing was written.`,
    remedy: `Delete one of the two on ${hostingOf(context).page('settings')}, then run again.`,
  });
}

function kindOf(
  { target }: RunContext,
  { value, description }: { value: string; description: string | null },
): SecretChange['kind'] {
  if (description === null) return 'new';
  const mark = fingerprintIn(description);
  if (mark === null) return 'unknown';
  return mark === fingerprint({ space: target.space, value }) ? 'unchanged' : 'changes';
}

/** One after the other: the Hub loses parallel writes. */
async function* write(
  context: RunContext,
  secrets: readonly SecretChange[],
): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const hosting = hostingOf(context);
  context.state.invalidate('hostedSettings');
  for (const [done, { name, value, kind, variable }] of secrets.entries()) {
    yield progress(hostedStep(context, id), { done, total: secrets.length, note: name });
    const change = kind === 'new' ? 'created' : 'changed';
    const entry = { step: id, change, thing: 'secret', id: name, place: space, previous: null } as const;
    if (variable !== null) {
      // For `undo`, unless it is a secret that was public by mistake.
      const previous = looksLikeSecret({ name, value: variable }) ? null : variable;
      const removal = { ...entry, change: 'changed', thing: 'variable', previous } as const;
      await withJournal(context, removal, () => hosting.removeVariable(name));
    }
    await withJournal(context, entry, () => hosting.setSecret({ key: name, value }));
  }
  await verifyPersisted(context, secrets);
  return { outcome: 'changed', reason: `${secrets.map(({ name }) => name).join(', ')} set` };
}

/** Reads the names and fingerprints back; twice, because the Hub may need a moment. */
async function verifyPersisted(context: RunContext, secrets: readonly SecretChange[]): Promise<void> {
  const { space } = context.target;
  for (let attempt = 1; ; attempt++) {
    const current = (await hostingOf(context).settings()).secrets;
    const lost = secrets.find(({ name, value }) => {
      const mark = fingerprintIn(current[name]?.description);
      return !(name in current) || (mark !== null && mark !== fingerprint({ space, value }));
    });
    if (lost === undefined) return;
    if (attempt === 2) throw valueNotPersisted(context, lost.name);
    await context.sleep(1_000, { signal: context.signal });
  }
}

function valueNotPersisted(context: RunContext, name: string): Failure {
  return new Failure({
    code: 'secret-not-kept',
    service: hostingService(context),
    message: `The secret ${name} reads back as something other than what was written.`,
    remedy: `Look at ${hostingOf(context).page('settings')} on Hugging Face, then run again.`,
  });
}
