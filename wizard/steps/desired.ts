import { bookJson } from '../../server/book/book-json.ts';
import { defaults } from '../../server/contract.ts';
import { deploymentId } from '../space/deployment-id.ts';
import { fingerprint } from '../space/fingerprint.ts';
import { payloadOf, type Payload } from '../space/payload.ts';
import { bookOf, collectionOf } from './book.ts';
import type { RunContext } from './context.ts';
import { frontendOrigins, mergedOrigins } from './origins.ts';

/** What the Space must hold in the end. */
export type DesiredSpace = {
  secrets: Readonly<Record<string, string>>;
  /** In the order in which they are written: `DEPLOYMENT_ID` is the last. */
  variables: Readonly<Record<string, string>>;
  payload: Payload;
};

/** The secrets alone: known without asking anybody. */
export function desiredSecrets({ credentials }: RunContext): Record<string, string> {
  const { gemini, qdrant, postgres } = credentials;
  return {
    GEMINI_API_KEY: gemini.key.reveal(),
    QDRANT_URL: qdrant.url.reveal(),
    ...(qdrant.key === null ? {} : { QDRANT_API_KEY: qdrant.key.reveal() }),
    DATABASE_URL: postgres.url.reveal(),
  };
}

/** Computed anew from the vendors each time: the same world gives the same answer, to the byte. */
export async function desiredSpace(
  context: RunContext,
  { standingOrigins }: { standingOrigins: string | null },
): Promise<DesiredSpace> {
  const { credentials, settings, target } = context;
  const [book, collection, frontend] = await Promise.all([
    bookOf(context),
    collectionOf(context),
    frontendOrigins(context),
  ]);
  const stamp = collection.state.exists ? collection.state.stamp : null;
  const payload = await payloadOf({
    folder: settings.payloadDir,
    fill: {
      title: book?.site.title ?? target.project ?? 'Book',
      frontend: frontend.main ?? book?.site.url ?? 'its own site',
      version: settings.version,
    },
    bookJson: book === null || stamp === null ? null : bookJson({ book, stamp }),
  });
  const { gemini } = credentials;
  const previews = frontend.previews === null ? [] : [frontend.previews];
  const origins = [...frontend.all, ...previews, ...settings.origins];
  const secrets = desiredSecrets(context);
  const variables: Record<string, string> = {
    QDRANT_COLLECTION: collection.store.collection,
    ALLOWED_ORIGINS: mergedOrigins({ standing: standingOrigins, wanted: origins }),
    LOG_LEVEL: settings.logLevel,
    GEMINI_MODEL: gemini.answerModel,
    GEMINI_EMBEDDING_MODEL: gemini.embeddingModel,
    ...(gemini.baseUrl === defaults.geminiBaseUrl ? {} : { GOOGLE_GEMINI_BASE_URL: gemini.baseUrl }),
  };
  const marks = Object.entries(secrets).map(([name, value]) => [
    name,
    fingerprint({ space: target.space, value }),
  ]);
  const id = deploymentId({
    payloadDigest: payload.digest,
    settings: { ...variables, ...Object.fromEntries(marks) },
  });
  return { secrets, variables: { ...variables, DEPLOYMENT_ID: id }, payload };
}
