import {
  openStoredConversations,
  type ExpiringRows,
} from '../../server/adapters/postgres/owner/stored-conversations.ts';
import type { RunContext } from '../deployment/context.ts';
import type { LimitName } from '../deployment/server/chat-limits.ts';
import { hostedSettingsOf } from '../deployment/server/hosted-settings-of.ts';
import { isVercelPlace } from '../model/formats/function-place.ts';
import type { Choice } from '../model/question.ts';
import type { FlowQuestion } from './flow.ts';
import type { InterviewState } from './interview-state.ts';

/** Days that are offered, the longest first. */
const periods = [365, 90, 30] as const;
const usual = 90;

/** What is chosen: nothing is deleted, or what is older; the rows of earlier versions only where that was accepted. */
export type RetentionChoice = { type: 'keep' } | { type: 'delete'; days: number; includesUnnamed: boolean };

export type RetentionState = InterviewState & {
  /** Rows that a retention would delete at once; null where there is nothing to ask. */
  expiring?: readonly ExpiringRows[] | null;
  retention: RetentionChoice | null;
};

/**
 * The rows of a database with conversations that a new server is about to share; null for a server that is updated, for
 * an empty database, and for one that cannot be read, which is kept as it is.
 */
export async function expiringRows(context: RunContext): Promise<readonly ExpiringRows[] | null> {
  const { postgres } = context.credentials as Partial<RunContext['credentials']>;
  const { limits = {}, apiUrl } = context.settings;
  const hasAnswer = limits.CHAT_RETENTION_DAYS !== undefined || postgres?.isEmpty !== false;
  if (postgres === undefined || apiUrl !== null || hasAnswer) return null;
  const { variables } = await hostedSettingsOf(context);
  if ('DEPLOYMENT_ID' in variables || 'CHAT_RETENTION_DAYS' in variables) return null;
  const { space } = context.target;
  const { signal } = context;
  const conversations = openStoredConversations({ databaseUrl: postgres.url.reveal(), signal });
  try {
    return await conversations.countExpiring(periods, isVercelPlace(space) ? null : space);
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    await conversations.close();
  }
}

/** How long conversations are kept, where the database has some: each answer with the rows that it deletes. */
export function retentionQuestion<S extends RetentionState>(after: readonly string[]): FlowQuestion<S> {
  return {
    id: 'retention',
    after,
    isOpen: (state) => isRetentionOpen(state),
    prompt: ({ expiring }) => ({
      type: 'choice',
      name: 'retention',
      title: 'How long are conversations kept?',
      lines: [
        'The database has conversations already. The server deletes once a day what is older than this.',
        'Nothing is deleted before the server runs, and an update never shortens it.',
      ],
      choices: choicesFor(expiring ?? []),
    }),
    answer: (state, reply) => {
      const [, days, whose] = /^(\d+) (own|all)$/.exec(reply.type === 'choice' ? reply.value : '') ?? [];
      if (reply.type !== 'choice') return state;
      const retention: RetentionChoice =
        days === undefined
          ? { type: 'keep' }
          : { type: 'delete', days: Number(days), includesUnnamed: whose === 'all' };
      return { ...state, retention };
    },
  };
}

/** Whether an answer is still missing. */
export function isRetentionOpen({ isInteractive, expiring, retention }: RetentionState): boolean {
  return isInteractive && expiring != null && retention === null;
}

/** The variables of what was chosen. */
export function retentionLimits({ retention }: RetentionState): Partial<Record<LimitName, string>> {
  if (retention === null || retention.type === 'keep') return {};
  return {
    CHAT_RETENTION_DAYS: String(retention.days),
    ...(retention.includesUnnamed && { CHAT_RETENTION_UNNAMED: 'on' }),
  };
}

function choicesFor(expiring: readonly ExpiringRows[]): Choice[] {
  const keep: Choice = { value: 'keep', label: 'For ever', note: 'deletes nothing' };
  const own = expiring.find(({ days }) => days === usual)?.own ?? 0;
  const ownOnly: Choice = {
    value: `${usual} own`,
    label: `${usual} days, what this server stores`,
    note: rows(own),
  };
  const all = expiring
    .filter(({ unnamed }) => unnamed > 0)
    .map(({ days, own: ownRows, unnamed }): Choice => ({
      value: `${days} all`,
      label: `${days} days, what earlier servers left too`,
      note: rows(ownRows + unnamed),
    }));
  return [keep, ownOnly, ...all];
}

function rows(messages: number): string {
  return messages === 0 ? 'deletes nothing that is there' : `deletes ${messages} messages`;
}
