import { readOnlyContext } from '../../../deployment/server/space-status.ts';
import type { CommandInputs } from '../../../deployment/command-inputs.ts';
import type { RunContext, SpaceContext } from '../../../deployment/context.ts';
import { limitsToTakeOver, type LimitName } from '../../../deployment/server/chat-limits.ts';
import { hostedSettingsOf } from '../../../deployment/server/hosted-settings-of.ts';
import { isCurrentSecret } from '../../../hosting/hosted-settings.ts';
import { hostingOf } from '../../../hosting/hosting-of.ts';
import type { FlowQuestion } from '../../../interview/flow.ts';
import type { Answers } from '../../../model/answers.ts';
import { createdResources, type CreatedResource } from '../../../model/run/created-resources.ts';
import type { Change } from '../../../model/run/plan.ts';
import type { Session } from '../../../model/runtime.ts';
import type { Secret } from '../../../model/secret.ts';
import { listJournals, openJournal, type StoredJournal } from '../../../run/journal-file.ts';
import type { UndoAction } from '../../../steps/undo/undo-action.ts';
import { undoSpace } from '../../../steps/undo/undo-space.ts';

/** Where the book's server was before this run moves it, and what its removal does. */
export type PreviousPlace = {
  space: string;
  /** As it is called in a sentence: `the Space ana/book-chat`. */
  title: string;
  /** None where no token given here may remove it. */
  actions: readonly UndoAction[];
  /** The command that removes it later. */
  command: string;
  /** Its limits; null where they cannot be read, and where it stores conversations in another database. */
  limits: Partial<Record<LimitName, string>> | null;
};

export type PreviousPlaceState = {
  previousPlaces?: readonly PreviousPlace[];
  /** Whether each is removed, by its id; for the places that were shown. */
  placeRemovals: { on: readonly PreviousPlace[]; removes: ReadonlyMap<string, boolean> } | null;
};

/** Places whose journals on this machine say that the book's pages asked them, when this run gives the pages another. */
export async function readPreviousPlaces(
  session: Session,
  { context, inputs, answers }: { context: RunContext; inputs: CommandInputs; answers: Answers },
): Promise<PreviousPlace[]> {
  const { space, projectId } = context.target;
  const isWired = (resources: readonly CreatedResource[]): boolean =>
    resources.some(({ thing, place }) => thing === 'frontend-variable' && place === projectId);
  if (projectId === null || isWired(createdResources(context.journal.entries))) return [];
  const { stateDir } = session.runtime;
  const others = (await listJournals({ stateDir })).filter(
    (journal) => journal.space !== space && isWired(createdResources(journal.entries)),
  );
  const { postgres }: Partial<RunContext['credentials']> = context.credentials;
  const databaseUrl = postgres?.url ?? null;
  const places = await Promise.all(
    others.map((journal) => readPlace(session, { journal, inputs, answers, databaseUrl })),
  );
  return places.filter((place) => place !== null);
}

type PlaceRequest = {
  journal: StoredJournal;
  inputs: CommandInputs;
  answers: Answers;
  /** Of the new server. */
  databaseUrl: Secret | null;
};

/** Null for a server elsewhere, and for a place that is gone or that no token given here may look at. */
async function readPlace(
  session: Session,
  { journal, inputs, answers, databaseUrl }: PlaceRequest,
): Promise<PreviousPlace | null> {
  const { space, entries } = journal;
  if (space.startsWith('elsewhere/')) return null;
  const context = readOnlyContext(session, { inputs, space, answers });
  const { service, noun, label, flags } = hostingOf(context);
  try {
    const undone = await undoSpace(context, createdResources(entries));
    if (undone.length === 0) return null;
    // Of a Space everybody sees how it is; only its owner's token removes it.
    const mayRemove = service !== 'huggingface' || answers.HF_TOKEN !== undefined;
    const actions = undone.filter(({ run }) => run !== null && mayRemove);
    const limits = await readLimits(context, databaseUrl);
    return {
      space,
      title: `${noun} ${label}`,
      actions,
      command: `npx rag-space-setup undo ${flags}`,
      limits,
    };
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

/** Of another database, its owner decided nothing. */
async function readLimits(
  context: SpaceContext,
  databaseUrl: Secret | null,
): Promise<PreviousPlace['limits']> {
  if (databaseUrl === null) return null;
  try {
    const settings = await hostedSettingsOf(context);
    const database = { settings, name: 'DATABASE_URL', secret: databaseUrl } as const;
    return isCurrentSecret(context, database) ? limitsToTakeOver(settings.variables) : null;
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

/** The limits of the server until now, which the new one keeps; none where there is no such server. */
export function limitsUntilNow({
  previousPlaces = [],
}: Pick<PreviousPlaceState, 'previousPlaces'>): Partial<Record<LimitName, string>> {
  return previousPlaces.find(({ limits }) => limits !== null)?.limits ?? {};
}

/** Kept unless the person chooses otherwise. */
export function previousPlaceQuestion<S extends PreviousPlaceState>(
  after: readonly string[],
): FlowQuestion<S> {
  return {
    id: 'old-place',
    after,
    isRevisited: false,
    isOpen: (state) => undecidedPlace(state) !== null,
    prompt: (state) => {
      const { title = '', actions = [] } = undecidedPlace(state) ?? {};
      return {
        type: 'choice',
        name: 'old-place',
        title: `What of the server until now, ${title}?`,
        lines: [
          ...actions.map(({ what }) => `To remove it ${what}.`),
          'The conversations and the collection stay either way: the new server uses them.',
        ],
        choices: [
          { value: 'keep', label: 'Keep it', note: 'undo removes it later' },
          { value: 'remove', label: 'Remove it', note: 'last, once the new server is proved' },
        ],
      };
    },
    answer: (state, reply) => {
      const { previousPlaces } = state;
      const place = undecidedPlace(state);
      if (reply.type !== 'choice' || previousPlaces === undefined || place === null) return state;
      const decided = [...removalsIn(state), [place.space, reply.value === 'remove'] as const];
      return { ...state, placeRemovals: { on: previousPlaces, removes: new Map(decided) } };
    },
  };
}

function removalsIn({ previousPlaces, placeRemovals }: PreviousPlaceState): ReadonlyMap<string, boolean> {
  const isCurrent = placeRemovals !== null && placeRemovals.on === previousPlaces;
  return isCurrent ? placeRemovals.removes : new Map<string, boolean>();
}

/** The first place that the user has not decided on; null when there is none. */
export function undecidedPlace(
  state: PreviousPlaceState & { isInteractive?: boolean },
): PreviousPlace | null {
  if (state.isInteractive === false) return null;
  const removals = removalsIn(state);
  const places = (state.previousPlaces ?? []).filter(({ actions }) => actions.length > 0);
  return places.find(({ space }) => !removals.has(space)) ?? null;
}

/** What happens to the places: those that go, and those that stay. */
export function previousPlacesIn(state: PreviousPlaceState): {
  removed: readonly PreviousPlace[];
  kept: readonly PreviousPlace[];
} {
  const removals = removalsIn(state);
  const places = state.previousPlaces ?? [];
  return {
    removed: places.filter(({ space }) => removals.get(space) === true),
    kept: places.filter(({ space }) => removals.get(space) !== true),
  };
}

/** As the plan shows them. */
export function placeChanges(places: readonly PreviousPlace[]): Change[] {
  return places
    .flatMap(({ actions }) => actions)
    .map(({ service, what }): Change => ({ step: 'create-space', service, kind: 'extra', what }));
}

/** Done last, once the new server is proved; each in its own place's journal. */
export async function removePreviousPlaces(
  session: Session,
  places: readonly PreviousPlace[],
): Promise<void> {
  const { stateDir, signal } = session.runtime;
  for (const { space, actions } of places) {
    const journal = await openJournal({ stateDir, space });
    try {
      for (const { resource, what, run } of actions) {
        signal.throwIfAborted();
        const { step, thing, id, place, previous } = resource;
        const entry = { step, thing, id, place, previous, change: 'removed' } as const;
        await journal.add({ ...entry, type: 'intent' });
        await run?.();
        await journal.add({ ...entry, type: 'done' });
        session.emit({ type: 'notice', code: 'undone', message: `Done: ${what}.`, remedy: '' });
      }
    } finally {
      await journal.close();
    }
  }
}

/** The places that stay, with the command that removes each. */
export function reportKeptPlaces({ emit }: Session, places: readonly PreviousPlace[]): void {
  for (const { title, command } of places) {
    const message = `The server until now, ${title}, is still there; no page of the book asks it any more.`;
    emit({ type: 'notice', code: 'previous-place', message, remedy: `To remove it: ${command}` });
  }
}
