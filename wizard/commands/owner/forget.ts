import { readCommandInputs } from '../../deployment/command-inputs.ts';
import { forgetConversations, type Forgotten } from '../../insights/forget-conversations.ts';
import { confirmChoice } from '../../interview/confirm-choice.ts';
import { databaseUrlOf } from '../../interview/database-url.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Deletes one conversation, or what is older than some days, after showing how much that is. Throws Failure. */
export async function forget(session: Session): Promise<CommandResult> {
  const forgotten = forgottenIn(session);
  const inputs = await readCommandInputs(session);
  const databaseUrl = await databaseUrlOf(session, inputs);
  const { signal } = session.runtime;
  const result = await forgetConversations({ databaseUrl, forgotten, signal }, (counts) =>
    confirmChoice(session, {
      title: 'Delete this?',
      lines: [
        `${counts.messages} messages of ${counts.conversations} conversations, with their vectors, ratings and notes.`,
        'It cannot be taken back.',
      ],
      yes: 'Delete them',
      no: 'Leave them',
    }),
  );
  session.emit({ type: 'notice', ...describe(result), remedy: '' });
  return { deployment: null, exitCode: exitCodes.done };
}

function describe(result: Awaited<ReturnType<typeof forgetConversations>>): {
  code: string;
  message: string;
} {
  switch (result.type) {
    case 'unused':
      return {
        code: 'forget-unused',
        message: 'No server of this version has used this database: nothing was deleted.',
      };
    case 'left':
      return { code: 'forget-left', message: 'Nothing was deleted.' };
    case 'deleted': {
      const { messages, conversations } = result;
      return {
        code: 'forgotten',
        message: `Deleted: ${messages} messages, and ${conversations} conversations that are empty now.`,
      };
    }
    default:
      return result satisfies never;
  }
}

/** Exactly one of an id and an age. */
function forgottenIn({ operands, flags }: Session): Forgotten {
  const [conversationId] = operands;
  if ((conversationId === undefined) === (flags.olderThan === null))
    throw usage('Name a conversation, or an age: exactly one of them.');
  if (flags.olderThan !== null) return { days: Number(flags.olderThan.slice(0, -1)) };
  if (conversationId === undefined || !uuid.test(conversationId))
    throw usage('That is no id of a conversation.');
  return { conversationId };
}

function usage(message: string): Failure {
  return new Failure({
    kind: 'usage',
    code: 'forget-what',
    message,
    remedy: 'Write forget CONVERSATION with the id that its replies have, or forget --older-than 30d.',
  });
}
