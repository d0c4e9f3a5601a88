import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Answers } from '../../model/answers.ts';
import type { Failure } from '../../model/failure.ts';
import type { Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import { createNeonAccount, type NeonProject } from '../../provisioning/neon/neon-client.ts';
import {
  neonRefusal,
  provisionPostgres,
  type PostgresSource,
} from '../../provisioning/neon/provision-postgres.ts';
import type { Resource } from '../fact-store.ts';
import type { QdrantCreationState } from './create-qdrant.ts';
import type { FlowQuestion } from '../flow.ts';
import type { InterviewState, Refusal, Refusals } from '../interview-state.ts';
import { questionNamed, valueQuestion } from '../value-question.ts';
import { orNotCreated, type CreationAttempts } from './creation-attempts.ts';
import { announceNeon, claimEvent, neonTools } from './neon-tools.ts';

export type CreationState = InterviewState & {
  /** The user wants what is missing to be created. */
  wantsCreation: boolean;
  /** Null until it is chosen; `paste` asks for a connection string after all. */
  postgresSource: PostgresSource | { type: 'paste' } | null;
  /** The projects that NEON_API_KEY reaches, or why it does not. */
  neonAccount?: { projects: readonly NeonProject[] } | { refusal: Refusal };
  createdPostgres?: CreatedPostgres;
  /** Why it could not be made, where that can be tried again. */
  postgresNotCreated?: Failure;
  creationAttempts: CreationAttempts;
};

export type CreatedPostgres = {
  /** The connection string. */
  answers: Answers;
  what: string;
  isNew: boolean;
  /** Id of the account's project; null without an account. */
  project: string | null;
};

/** Whether the connection string comes from a database that is made: then it is not asked for, unless it was refused. */
export function isPostgresCreated({
  wantsCreation,
  postgresSource,
  answers,
  postgres,
}: CreationState): boolean {
  if (!wantsCreation || postgresSource?.type === 'paste' || answers.DATABASE_URL !== undefined) return false;
  return postgres === undefined || postgres.verdict === 'accepted';
}

/** The answers with what was created. */
export function withCreated<S extends CreationState & QdrantCreationState>(state: S): Answers {
  const { answers, createdPostgres, createdQdrant } = state;
  return { ...createdPostgres?.answers, ...createdQdrant?.answers, ...answers };
}

/** Where a database comes from, and the key of the Neon account where it is made in one. */
export function createPostgresQuestions<S extends CreationState>(options: {
  after: readonly string[];
}): FlowQuestion<S>[] {
  const { after } = options;
  const source: FlowQuestion<S> = {
    id: 'create-postgres',
    after,
    isOpen: (state) => isPostgresCreated(state) && state.postgresSource === null,
    prompt: ({ answers }) => ({
      type: 'choice',
      name: 'create-postgres',
      title: 'Create the database at Neon?',
      lines: [
        'It is made once your other keys are accepted, and holds the conversations.',
        'Without an account: 100 MB, and gone after 72 hours unless you open its claim link and keep it.',
        'In your account: in its free plan, near the server, under a key that you give.',
      ],
      choices: sourceChoices(answers),
    }),
    answer: (state, reply) => {
      if (reply.type !== 'choice') return state;
      const postgresSource: S['postgresSource'] =
        reply.value === 'account'
          ? { type: 'account', project: null }
          : { type: reply.value === 'paste' ? 'paste' : 'claimable' };
      return { ...state, postgresSource };
    },
  };
  const key: FlowQuestion<S> = valueQuestion<S>({
    question: questionNamed('NEON_API_KEY'),
    isNeeded: (state) => isPostgresCreated(state) && state.postgresSource?.type === 'account',
    refusalsIn: refusedNeonKey,
    room: () => [key],
    after: [...after, 'neon-account'],
  });
  const project: FlowQuestion<S> = {
    id: 'neon-project',
    after: [...after, 'neon-account'],
    isOpen: (state) => state.isInteractive && existingProjects(state).length > 0 && isUndecided(state),
    prompt: (state) => ({
      type: 'choice',
      name: 'neon-project',
      title: 'Which Neon project?',
      lines: ['The server makes its own tables in it, and leaves all others alone.'],
      choices: [
        ...existingProjects(state).map(({ id, name, region_id: region }): Choice => {
          return { value: id, label: name, note: region ?? null };
        }),
        { value: 'new', label: 'A new project', note: 'of the free plan, aws-us-east-1' },
      ],
      isSearched: existingProjects(state).length >= 9,
    }),
    answer: (state, reply) =>
      reply.type === 'choice'
        ? { ...state, postgresSource: { type: 'account', project: reply.value, shown: shownIn(state) } }
        : state,
  };
  return [source, key, project];
}

function sourceChoices({ NEON_API_KEY: key }: Answers): Choice[] {
  const account: Choice = {
    value: 'account',
    label: 'Yes, in my Neon account',
    note: key === undefined ? 'asks for an API key' : 'with NEON_API_KEY',
  };
  const free: Choice = {
    value: 'claimable',
    label: 'Yes, without an account',
    note: 'claim it within 72 hours',
  };
  const paste: Choice = { value: 'paste', label: 'No, I paste a connection string', note: null };
  return key === undefined ? [free, account, paste] : [account, free, paste];
}

function existingProjects({ neonAccount }: CreationState): readonly NeonProject[] {
  return neonAccount !== undefined && 'projects' in neonAccount ? neonAccount.projects : [];
}

const shownIn = (state: CreationState): string[] => existingProjects(state).map(({ id }) => id);

/** Whether the user has decided where the database comes from: before that, nothing is made. */
export function isPostgresChosen(state: CreationState): boolean {
  const { postgresSource: source, neonAccount, isInteractive } = state;
  if (source === null) return false;
  if (source.type !== 'account') return true;
  const isChosen = !isInteractive || existingProjects(state).length === 0 || source.project !== null;
  return neonAccount !== undefined && 'projects' in neonAccount && isChosen;
}

function isUndecided({ postgresSource }: CreationState): boolean {
  return postgresSource?.type === 'account' && postgresSource.project === null;
}

/** A key that Neon refused is asked for again. */
export function refusedNeonKey({ neonAccount }: CreationState): Refusals {
  if (neonAccount === undefined || 'projects' in neonAccount) return {};
  return { NEON_API_KEY: neonAccount.refusal };
}

type CreationOptions<S> = {
  session: Session;
  inputs: Pick<CommandInputs, 'http'>;
  /** Whether every other credential is accepted: before that, nothing is made. */
  isReady(state: S): boolean;
};

/** What the key reaches, and the database itself once it is wanted and all else is known. */
export function createPostgresResources<S extends CreationState>(
  options: CreationOptions<S>,
): {
  account: Resource<S>;
  database: Resource<S>;
} {
  const { session, isReady } = options;
  return {
    account: {
      id: 'neon-account',
      key: (state) => {
        const { NEON_API_KEY: key } = state.answers;
        const isUsed = isPostgresCreated(state) && state.postgresSource?.type === 'account';
        return isUsed && key !== undefined ? [key] : null;
      },
      load: async (state, signal) => {
        announceNeon(session);
        const { NEON_API_KEY: key } = state.answers;
        const tools = neonTools(options, { key: key?.value ?? null, signal });
        try {
          const { projects } = await createNeonAccount(tools, requireKey(tools.key)).projects();
          return { neonAccount: { projects } } as Partial<S>;
        } catch (error) {
          if (!(error instanceof HttpFailure) || !state.isInteractive) throw neonRefusal(error);
          return { neonAccount: { refusal: refusalOf(error) } } as Partial<S>;
        }
      },
    },
    database: {
      id: 'created-postgres',
      key: (state) => {
        const { postgresSource: source, creationAttempts } = state;
        const isReadyNow = isPostgresCreated(state) && isPostgresChosen(state) && isReady(state);
        if (!isReadyNow || source === null || source.type === 'paste') return null;
        return [source.type, source.type === 'account' ? source.project : null, creationAttempts.postgres];
      },
      load: (state) =>
        orNotCreated<S>(session, {
          state,
          field: 'postgresNotCreated',
          load: async () => {
            const { postgresSource: source, answers } = state;
            if (source === null || source.type === 'paste') return {};
            announceNeon(session);
            // Esc does not cut off the call that makes it: what is made would not be known.
            const { signal } = session.runtime;
            const tools = neonTools(options, { key: answers.NEON_API_KEY?.value ?? null, signal });
            const { url, claim, ...made } = await provisionPostgres(tools, source);
            const message = `The database: ${made.what}.`;
            session.emit({ type: 'notice', code: 'created', message, remedy: '' });
            if (claim !== null) session.emit(claimEvent(claim));
            const created: Answers = { DATABASE_URL: { value: url, source: 'Neon', cleaned: [] } };
            return { createdPostgres: { ...made, answers: created } } as Partial<S>;
          },
        }),
    },
  };
}

function refusalOf({ kind, message, remedy }: HttpFailure): Refusal {
  const isAway = kind === 'unreachable';
  return {
    message,
    remedy: isAway ? remedy : 'Copy one from your Neon account’s settings.',
    canRetry: isAway,
  };
}

function requireKey(key: Secret | null): Secret {
  if (key === null) throw new TypeError('NEON_API_KEY is not known');
  return key;
}
