import { announceBook } from '../../interview/start/start-screen.ts';
import type { RunEvent } from '../../model/run/event.ts';
import type { Service } from '../../model/service.ts';
import type { Session } from '../../model/runtime.ts';
import { bookOf, prefetchBook } from '../../deployment/book/book-source.ts';
import { selectionOf } from '../../deployment/book/selection-of.ts';
import { createRunTools, type CommandInputs } from '../../deployment/command-inputs.ts';
import { frontendOrigins } from '../../deployment/frontend/allowed-origins.ts';
import type { Resource } from '../../interview/fact-store.ts';
import { isBookKnown } from '../../interview/targets/book-questions.ts';
import { isHostingAccountKnown } from '../../interview/targets/hosting-account.ts';
import { targetsIn } from '../../interview/targets/target-questions.ts';
import { targetFailures } from '../../interview/targets/target-state.ts';
import { openJournal, type JournalFile } from '../../run/journal-file.ts';
import { isIndexing, type DeployState } from './deploy-state.ts';
import { orPlanFailure } from './recover-from-refusal.ts';
import { neededServices } from './required-services.ts';
import { buildRunContext } from './run-context.ts';

/** Where no one can be asked, the book is read beside the checks: its location is known from the start. */
export function prefetchResource({ runtime }: Session): Resource<DeployState> {
  return {
    id: 'prefetched-book',
    key: ({ isInteractive, book }) => (isInteractive || book?.docsDir == null ? null : [book.docsDir]),
    load: async ({ book, answers }) => {
      const docsDir = book?.docsDir ?? '.';
      const bookBaseUrl = answers.BOOK_BASE_URL?.value ?? null;
      const selection = selectionOf(answers);
      return { prefetchedBook: prefetchBook(runtime, { docsDir, bookBaseUrl, selection }) };
    },
  };
}

/** Opens the Space's journal, which locks it, once all targets are known. */
export function draftResource(session: Session, inputs: CommandInputs): Resource<DeployState> {
  return {
    id: 'draft',
    key: (state) => {
      if (!areTargetsKnown(session, state)) return null;
      const { huggingface, vercel, gemini, qdrant, postgres, answers, book, planAttempt } = state;
      const verdicts = [huggingface, vercel, gemini, qdrant, postgres];
      const { project } = targetsIn(session, state);
      return [
        ...verdicts,
        project?.id,
        answers.VERCEL_PROJECT,
        answers.HF_SPACE,
        state.hosting,
        state.hostingAccount,
        state.vercelHosting,
        book?.docsDir,
        answers.BOOK_BASE_URL,
        answers.BOOK_VERSIONS,
        answers.BOOK_LOCALES,
        planAttempt,
      ];
    },
    load: (state) => orPlanFailure(session, { state, load: () => openDraft(session, { inputs, state }) }),
    release: async ({ draft }) => draft?.tools.journal.close(),
  };
}

function areTargetsKnown(session: Session, state: DeployState): boolean {
  const { flags } = session;
  const { isInteractive, answers, book } = state;
  const needed = neededServices(flags, state);
  if (state.mode === null || !state.hasStarted) return false;
  if (state.mode.type === 'update' && state.existingSecrets === undefined) return false;
  if (needed.some((service: Service) => state[service]?.verdict !== 'accepted')) return false;
  if (Object.keys(targetFailures(state)).length > 0 || !isHostingAccountKnown(session, state)) return false;
  const needsProject =
    !flags.noFrontend && needed.includes('vercel') && targetsIn(session, state).project === null;
  const needsSpace = isInteractive && needed.includes('huggingface') && answers.HF_SPACE === undefined;
  if (needsProject || needsSpace) return false;
  return isIndexing(state, flags) ? isBookKnown(state) : book !== undefined;
}

async function openDraft(
  session: Session,
  { inputs, state }: { inputs: CommandInputs; state: DeployState },
): Promise<Pick<DeployState, 'draft'>> {
  const { space } = targetsIn(session, state);
  const journal = await openJournal({ stateDir: session.runtime.stateDir, space });
  if (journal.backupPath !== null) session.emit(unreadableJournal(journal.backupPath));
  const draft = { tools: withJournal(session, { inputs, journal }) };
  const context = buildRunContext(session, { ...state, draft });
  state.prefetchedBook?.attachTo(context);
  // Read beside the questions; the first caller that needs them gets the error.
  for (const reading of [bookOf(context), frontendOrigins(context)]) reading.catch(() => undefined);
  return { draft };
}

function withJournal(
  session: Session,
  { inputs, journal }: { inputs: CommandInputs; journal: JournalFile },
): NonNullable<DeployState['draft']>['tools'] {
  return { ...createRunTools(session, { http: inputs.http, journal }), journal };
}

function unreadableJournal(path: string): RunEvent {
  return {
    type: 'notice',
    code: 'journal-unreadable',
    message: 'The journal of earlier runs could not be read; undo knows nothing of them.',
    remedy: `It was moved to ${path}.`,
  };
}

/** Names the book of a new deployment before anything is asked. */
export function bookNoticeResource(session: Session): Resource<DeployState> {
  return {
    id: 'book-notice',
    key: ({ mode }) => (mode?.type === 'create' ? [] : null),
    load: async ({ answers }) => {
      await announceBook(session, answers);
      return {};
    },
  };
}
