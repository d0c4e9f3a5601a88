import { defaults } from '../../server/contract.ts';
import type { Credentials } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import { hasConversations } from '../probes/conversations.ts';
import { describeCollection } from '../steps/book.ts';
import type { NewSecrets, StandingSettings } from '../steps/rotate-secrets.ts';
import type { Session } from './world.ts';

type Given = {
  credentials: Partial<Credentials>;
  changed: NewSecrets;
  standing: StandingSettings;
};

/**
 * A cluster or database that is accepted may still be an empty one. Throws Failure `collection-not-there`: the
 * server would refuse every question; a database without conversations is only told.
 */
export async function expectData(session: Session, given: Given): Promise<void> {
  await expectCollection(session, given);
  const { credentials, changed } = given;
  if (changed.DATABASE_URL === undefined || credentials.postgres === undefined) return;
  const { signal } = session.world;
  if (await hasConversations({ url: credentials.postgres.url, signal })) return;
  session.emit({
    type: 'notice',
    code: 'conversations-elsewhere',
    message: 'The new database holds no conversations: those until now stay in the old one.',
    remedy: 'To take them along, cancel, copy the tables conversations and messages, then rotate again.',
  });
}

async function expectCollection(
  { world }: Session,
  { credentials, changed, standing }: Given,
): Promise<void> {
  if (credentials.qdrant === undefined || Object.keys(changed).every((name) => !name.startsWith('QDRANT_')))
    return;
  const collection = standing.variables['QDRANT_COLLECTION']?.value ?? defaults.collection;
  const { fetch, signal, sleep } = world;
  const { qdrant } = credentials;
  const state = await describeCollection({ credentials: { qdrant }, fetch, signal, sleep }, collection);
  if (state.exists && state.stamp !== null) return;
  const what = state.exists ? 'was not written by this tool, or not to its end' : 'does not exist';
  throw new Failure({
    code: 'collection-not-there',
    service: 'qdrant',
    message: `Nothing was changed: the collection ${collection} ${what} in the new cluster.`,
    remedy:
      'Index the book there first (npx rag-space-setup index, with the new URL and key), then rotate again.',
  });
}
