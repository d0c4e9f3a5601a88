import { bookJson } from '../../indexer/book-json.ts';
import { expectedStamp } from '../../indexer/sync/section-fingerprints.ts';
import { defaults } from '../../server/contract.ts';
import type { Credentials } from '../model/credential.ts';
import { deploymentId } from '../hosting/space/deployment-id.ts';
import { fingerprint } from '../hosting/space/fingerprint.ts';
import { buildPayload, type SpacePayload } from '../hosting/space/payload.ts';
import { bookOf, collectionOf } from './book/book-source.ts';
import type { RunContext } from './context.ts';
import {
  isIndexKept,
  secretFingerprints,
  existingVariables,
  spaceFile,
  spaceTitle,
} from './server/existing-secrets.ts';
import { frontendOrigins, mergeOrigins } from './frontend/allowed-origins.ts';

/** What the Space must hold in the end. */
export type DesiredState = {
  secrets: Readonly<Record<string, string>>;
  /** In the order in which they are written: `DEPLOYMENT_ID` is the last. */
  variables: Readonly<Record<string, string>>;
  payload: SpacePayload;
};

/** The secrets alone: known without asking anybody. Those that stay in the Space are not among them. */
export function desiredSecrets(context: RunContext): Record<string, string> {
  const { gemini, qdrant, postgres }: Partial<Credentials> = context.credentials;
  return {
    ...(gemini && { GEMINI_API_KEY: gemini.key.reveal() }),
    ...(qdrant && { QDRANT_URL: qdrant.url.reveal() }),
    ...(qdrant?.key && { QDRANT_API_KEY: qdrant.key.reveal() }),
    ...(postgres && { DATABASE_URL: postgres.url.reveal() }),
  };
}

/**
 * The book beside the server, with the stamp that its indexing will leave: known before that ends, so that the image
 * is built meanwhile.
 */
async function bookJsonOf(context: RunContext): Promise<string | null> {
  const book = await bookOf(context);
  if (book === null) return null;
  const { embeddingModel: model, dimensions } = context.credentials.gemini;
  return bookJson({ book, stamp: expectedStamp({ book, embedder: { model, dimensions } }) });
}

/** Computed anew from the vendors each time: the same world gives the same answer, to the byte. */
export async function desiredState(
  context: RunContext,
  { standingOrigins }: { standingOrigins: string | null },
): Promise<DesiredState> {
  const { settings, target } = context;
  const { existingSecrets: kept, removedOrigins: leftOrigins = [] } = settings;
  const [{ book, json, collection }, frontend] = await Promise.all([
    servedBook(context),
    frontendOrigins(context),
  ]);
  const title = kept === undefined || book !== null ? null : await spaceTitle(context);
  const payload = await buildPayload({
    folder: settings.payloadDir,
    fill: {
      title: book?.site.title ?? title ?? target.project ?? 'Book',
      frontend: frontend.main ?? book?.site.url ?? 'its own site',
      version: settings.version,
    },
    bookJson: json,
  });
  const previews = frontend.previews === null ? [] : [frontend.previews];
  // Without a frontend the proof asks as the book's local preview does.
  const wanted = frontend.main === null ? [defaults.origins] : [...frontend.all, ...previews];
  const merged = mergeOrigins({
    standing: standingOrigins,
    wanted,
    said: settings.origins,
    left: leftOrigins,
  });
  const secrets = desiredSecrets(context);
  const variables: Record<string, string> = {
    ...collection,
    ALLOWED_ORIGINS: merged,
    LOG_LEVEL: settings.logLevel,
    ...modelsFor(context),
  };
  const marks = [
    ...Object.entries(secrets).map(([name, value]) => [name, fingerprint({ space: target.space, value })]),
    ...(kept === undefined ? [] : secretFingerprints(kept)),
  ];
  const id = deploymentId({
    payloadDigest: payload.digest,
    settings: { ...variables, ...Object.fromEntries(marks) },
  });
  return { secrets, variables: { ...variables, DEPLOYMENT_ID: id }, payload };
}

/** The book that is to be served: as it is read here, or as the Space has it where nobody may look into the index. */
async function servedBook(context: RunContext) {
  const { existingSecrets: kept } = context.settings;
  if (kept !== undefined && isIndexKept(kept)) {
    const json = await spaceFile(context, 'book.json');
    return { book: null, json, collection: existingVariables(kept, ['QDRANT_COLLECTION']) };
  }
  const [book, { store }, json] = await Promise.all([
    bookOf(context),
    collectionOf(context),
    context.state.bookJson(() => bookJsonOf(context)),
  ]);
  return { book, json, collection: { QDRANT_COLLECTION: store.collection } };
}

/** The models that the key was tried with, or those that the Space has. */
function modelsFor({ credentials, settings: { existingSecrets: kept } }: RunContext): Record<string, string> {
  const { gemini }: Partial<Credentials> = credentials;
  if (gemini === undefined)
    return kept === undefined
      ? {}
      : existingVariables(kept, ['GEMINI_MODEL', 'GEMINI_EMBEDDING_MODEL', 'GOOGLE_GEMINI_BASE_URL']);
  return {
    GEMINI_MODEL: gemini.answerModel,
    GEMINI_EMBEDDING_MODEL: gemini.embeddingModel,
    ...(gemini.baseUrl === defaults.geminiBaseUrl ? {} : { GOOGLE_GEMINI_BASE_URL: gemini.baseUrl }),
  };
}
