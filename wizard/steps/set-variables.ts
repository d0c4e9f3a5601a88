import type { HostedVariables } from '../clients/hub-schemas.ts';
import type { RunContext } from '../deployment/context.ts';
import { desiredState } from '../deployment/desired-state.ts';
import { describeOriginChanges } from '../deployment/frontend/allowed-origins.ts';
import { describeOwnLimits, limitNames } from '../deployment/server/chat-limits.ts';
import { describeYesterday } from '../deployment/server/chat-usage.ts';
import { hostedSettingsOf } from '../deployment/server/hosted-settings-of.ts';
import { marker } from '../hosting/fingerprint.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import type { HostedSettings } from '../hosting/hosted-settings.ts';
import { Failure } from '../model/failure.ts';
import { looksLikeSecret } from '../model/formats/looks-like-secret.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { ChangeKind } from '../model/run/plan.ts';
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

const id = 'set-variables';
/** Set only for another address than the default, so it is removed when the default is used again. */
const optional = 'GOOGLE_GEMINI_BASE_URL';

/** The Space's public settings; `DEPLOYMENT_ID` last, and only when something else changed it. */
export const setVariables: Step = { id, service: hostingService, affectedBy: [], inspect };

type VariableChange = {
  name: string;
  /** Null removes it. */
  value: string | null;
  current: string | null;
  kind: ChangeKind;
  /** There is a secret of the same name: it is removed first, or the Hub would refuse the variable. */
  isSecret: boolean;
};

async function inspect(context: RunContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const step = hostedStep(context, id);
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const current = await hostedSettingsOf(context);
  const desired = await desiredState(context, { current: current.variables });
  const variables = compare(desired.variables, current);
  const { kind, what: summary } = summariseChanges(variables, 'variable');
  const notes = [
    originsNoteOf(variables),
    responseModeNoteOf(variables),
    await limitsNoteOf(context, variables),
  ];
  const what = [summary, ...notes, ...describeOwnLimits(current.variables)]
    .filter((part) => part !== '')
    .join('; ');
  const pending = variables.filter((variable) => variable.kind !== 'unchanged' || variable.isSecret);
  if (pending.length === 0) {
    return previous.get('create-space') === 'changed' ? setAtCreation(step, what) : unchanged(step, what);
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
  return describeOriginChanges({ current: origins.current, next: origins.value });
}

/** Reported once, when a deployment of version 0.1 is updated. */
function responseModeNoteOf(variables: readonly VariableChange[]): string {
  const mode = variables.find(({ name }) => name === 'CHAT_RESPONSE_MODE');
  if (mode?.kind !== 'new' || mode.value !== '0.1') return '';
  return 'CHAT_RESPONSE_MODE=0.1 keeps the form of answers that the frontend reads today';
}

/** The limits that are set or changed, and how much a deployment without a budget was used yesterday. */
async function limitsNoteOf(context: RunContext, variables: readonly VariableChange[]): Promise<string> {
  const limits = variables.filter(
    ({ name, kind }) => (limitNames as readonly string[]).includes(name) && kind !== 'unchanged',
  );
  const values = limits.map(({ name, value }) => `${name}=${value}`).join(', ');
  const isProposed = limits.some(({ name, kind }) => name === 'CHAT_DAILY_BUDGET' && kind === 'new');
  if (!isProposed || variables.every(({ kind }) => kind === 'new'))
    return values === '' ? '' : `${values} (set these variables to choose others)`;
  return `${values} (set these variables to choose others; 0 is no limit; ${await describeYesterday(context)})`;
}

function compare(desired: Readonly<Record<string, string>>, current: HostedSettings): VariableChange[] {
  const changes = Object.entries(desired).map(([name, value]): VariableChange => {
    const old = current.variables[name]?.value ?? null;
    const kind = old === null ? 'new' : old === value ? 'unchanged' : 'changes';
    return { name, value, current: old, kind, isSecret: name in current.secrets };
  });
  return [...(optional in desired ? [] : removals(current.variables)), ...changes];
}

/** Only what this tool wrote is removed. */
function removals(variables: HostedVariables): VariableChange[] {
  const variable = variables[optional];
  if (variable?.description !== marker) return [];
  return [{ name: optional, value: null, current: variable.value, kind: 'changes', isSecret: false }];
}

async function* write(
  context: RunContext,
  variables: readonly VariableChange[],
): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const hosting = hostingOf(context);
  context.state.invalidate('hostedSettings');
  for (const [done, { name, value, current, isSecret }] of variables.entries()) {
    yield progress(hostedStep(context, id), { done, total: variables.length, note: name });
    const change = value === null ? 'removed' : current === null ? 'created' : 'changed';
    const entry = {
      step: id,
      change,
      thing: 'variable',
      id: name,
      place: space,
      previous: current === null || looksLikeSecret({ name, value: current }) ? null : current,
    } as const;
    await withJournal(context, entry, async () => {
      if (value === null) return hosting.removeVariable(name);
      if (isSecret) await hosting.removeSecret(name);
      const persisted = await hosting.setVariable({ key: name, value });
      if (persisted[name]?.value !== value) throw valueNotPersisted(context, name);
    });
  }
  return { outcome: 'changed', reason: `${variables.map(({ name }) => name).join(', ')} set` };
}

function valueNotPersisted(context: RunContext, name: string): Failure {
  return new Failure({
    code: 'variable-not-kept',
    service: hostingService(context),
    message: `The variable ${name} reads back as something other than what was written.`,
    remedy: `Look at ${hostingOf(context).page('settings')}, then run again.`,
  });
}
