import type { Credentials } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import { hasConversations } from '../../probes/postgres/existing-conversations.ts';
import { describeCollection } from '../../deployment/book/collection.ts';
import type { NewSecrets, HostedSettings } from '../../hosting/hosted-settings.ts';
import { preferencesOf } from '../../diagnosis/space-models.ts';
import type { Session } from '../../model/runtime.ts';

type RotatedData = {
  credentials: Partial<Credentials>;
  changed: NewSecrets;
  settings: HostedSettings;
};

/**
 * An accepted cluster or database may still be empty. Throws Failure `collection-not-there`, because the server would
 * refuse every question, and `conversations-not-readable`; a database without conversations is only reported.
 */
export async function assertDataPresent(session: Session, data: RotatedData): Promise<void> {
  await expectCollection(session, data);
  const { credentials, changed } = data;
  if (changed.DATABASE_URL === undefined || credentials.postgres === undefined) return;
  // It cannot be reached from here, which the check reported: the server's health will show it.
  if (credentials.postgres.version === null) return;
  const { signal } = session.runtime;
  const isThere = await hasConversations({ url: credentials.postgres.url, signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw notReadable(error);
    },
  );
  if (isThere) return;
  session.emit({
    type: 'notice',
    code: 'conversations-elsewhere',
    message: 'The new database holds no conversations: those until now stay in the old one.',
    remedy: 'To take them along, cancel, copy the tables conversations and messages, then rotate again.',
  });
}

/** A driver's message may quote the connection: only its code is shown. */
function notReadable(error: unknown): Failure {
  const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : 'unknown reason';
  return new Failure({
    code: 'conversations-not-readable',
    service: 'postgres',
    message: `Nothing was changed: the new value logs in, but the conversations there cannot be read (${code}).`,
    remedy:
      'Give this user the rights of the old one on the tables conversations and messages, or another value.',
  });
}

async function expectCollection(
  { runtime }: Session,
  { credentials, changed, settings }: RotatedData,
): Promise<void> {
  if (credentials.qdrant === undefined || Object.keys(changed).every((name) => !name.startsWith('QDRANT_')))
    return;
  const { collection } = preferencesOf(settings);
  const { fetch, signal, sleep } = runtime;
  const { qdrant } = credentials;
  const state = await describeCollection({ credentials: { qdrant }, fetch, signal, sleep }, collection);
  if (state.exists && state.stamp !== null) return;
  const what = state.exists ? 'was not written by this tool, or not to its end' : 'does not exist';
  throw new Failure({
    code: 'collection-not-there',
    service: 'qdrant',
    message: `Nothing was changed: the collection ${collection} ${what} in that cluster.`,
    remedy:
      'Index the book there first (npx rag-space-setup index, with the new URL and key), then rotate again.',
  });
}
