import type { SpaceSecrets, SpaceVariables } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import type { ChangeKind } from '../model/plan.ts';
import { marker } from '../space/fingerprint.ts';
import { hubOf, spacePage, type RunContext } from './context.ts';
import { desiredSpace } from './desired.ts';
import { forget } from './once.ts';
import { settingsFact, standingSettings } from './standing-settings.ts';
import { originsNote } from './origins.ts';
import {
  journaled,
  progress,
  skipped,
  summarise,
  toDo,
  unchanged,
  type Done,
  type Earlier,
  type Look,
  type Step,
} from './step.ts';

const me = { id: 'set-variables', service: 'huggingface' } as const;
/** Set only for another address than the default one, so it must go when that is over. */
const optional = 'GOOGLE_GEMINI_BASE_URL';

/** The Space's public settings; `DEPLOYMENT_ID` last, and only when something else made it another. */
export const setVariables: Step = { ...me, follows: [], look };

type Variable = {
  name: string;
  /** Null removes it. */
  value: string | null;
  standing: string | null;
  kind: ChangeKind;
  isSecret: boolean;
};

async function look(context: RunContext, earlier: Earlier): Promise<Look> {
  if (context.settings.apiUrl !== null) return skipped(me, 'the server runs elsewhere');
  const { variables: standing, secrets } = await standingSettings(context);
  const desired = await desiredSpace(context, {
    standingOrigins: standing['ALLOWED_ORIGINS']?.value ?? null,
  });
  const variables = compare({ desired: desired.variables, standing, secrets });
  const pending = variables.filter(({ kind, isSecret }) => kind !== 'unchanged' || isSecret);
  const { kind, what: summary } = summarise(variables, 'variable');
  const what = [summary, originsNoteOf(variables)].filter((part) => part !== '').join('; ');
  if (pending.length === 0) {
    return earlier.get('create-space') === 'changed' ? givenAtBirth(what) : unchanged(me, what);
  }
  const clashes = pending.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  const note = clashes.length === 0 ? '' : ` (removes the secret ${clashes.join(', ')}, whose value is lost)`;
  return toDo(me, kind === 'unchanged' ? 'changes' : kind, `${what}${note}`, () => write(context, pending));
}

function originsNoteOf(variables: readonly Variable[]): string {
  const origins = variables.find(({ name }) => name === 'ALLOWED_ORIGINS');
  if (origins === undefined || origins.value === null) return '';
  return originsNote({ standing: origins.standing, next: origins.value });
}

function compare(of: {
  desired: Readonly<Record<string, string>>;
  standing: SpaceVariables;
  secrets: SpaceSecrets;
}): Variable[] {
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
  const wanted = Object.entries(desired).map(([name, value]): Variable => {
    const old = standing[name]?.value ?? null;
    const kind = old === null ? 'new' : old === value ? 'unchanged' : 'changes';
    return { name, value, standing: old, kind, isSecret: name in secrets };
  });
  return [...gone, ...wanted];
}

function givenAtBirth(what: string): Look {
  // oxlint-disable-next-line require-yield -- nothing is left to be done
  return toDo(me, 'new', what, async function* () {
    return { outcome: 'changed', reason: `${what}, given to the Space at its creation` };
  });
}

async function* write(context: RunContext, variables: readonly Variable[]): AsyncGenerator<RunEvent, Done> {
  const { space } = context.target;
  const hub = hubOf(context);
  forget(context, settingsFact);
  for (const [done, { name, value, standing, isSecret }] of variables.entries()) {
    yield progress(me, { done, total: variables.length, note: name });
    const change = value === null ? 'removed' : standing === null ? 'created' : 'changed';
    const entry = {
      step: me.id,
      change,
      thing: 'variable',
      id: name,
      place: space,
      previous: standing,
    } as const;
    await journaled(context, entry, async () => {
      if (value === null) return hub.removeVariable(space, name);
      if (isSecret) await hub.removeSecret(space, name);
      const kept = await hub.setVariable(space, { key: name, value, description: marker });
      if (kept[name]?.value !== value) throw notKept(context, name);
    });
  }
  return { outcome: 'changed', reason: `${variables.map(({ name }) => name).join(', ')} set` };
}

function notKept(context: RunContext, name: string): Failure {
  return new Failure({
    code: 'variable-not-kept',
    service: 'huggingface',
    message: `The Space’s variable ${name} reads back as something other than what was written.`,
    remedy: `Look at ${spacePage(context, '/settings')}, then run again.`,
  });
}
