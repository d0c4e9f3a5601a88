import { bookJson } from '../../server/book/book-json.ts';
import { expectedStamp } from '../../server/book/prints.ts';
import { defaults } from '../../server/contract.ts';
import type { Credentials } from '../model/credential.ts';
import { deploymentId } from '../space/deployment-id.ts';
import { fingerprint } from '../space/fingerprint.ts';
import { payloadOf, type Payload } from '../space/payload.ts';
import { bookOf, collectionOf } from './book.ts';
import type { RunContext } from './context.ts';
import { isBookKept, keptMarks, keptVariables, standingFile, standingTitle } from './kept.ts';
import { once } from './once.ts';
import { frontendOrigins, mergedOrigins } from './origins.ts';

/** What the Space must hold in the end. */
export type DesiredSpace = {
  secrets: Readonly<Record<string, string>>;
  /** In the order in which they are written: `DEPLOYMENT_ID` is the last. */
  variables: Readonly<Record<string, string>>;
  payload: Payload;
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
async function bookTextOf(context: RunContext): Promise<string | null> {
  const book = await bookOf(context);
  if (book === null) return null;
  const { embeddingModel: model, dimensions } = context.credentials.gemini;
  return bookJson({ book, stamp: expectedStamp({ book, embedder: { model, dimensions } }) });
}

/** Computed anew from the vendors each time: the same world gives the same answer, to the byte. */
export async function desiredSpace(
  context: RunContext,
  { standingOrigins }: { standingOrigins: string | null },
): Promise<DesiredSpace> {
  const { settings, target } = context;
  const { kept, leftOrigins = [] } = settings;
  const [{ book, json, collection }, frontend] = await Promise.all([
    bookFor(context),
    frontendOrigins(context),
  ]);
  const title = kept === undefined || book !== null ? null : await standingTitle(context);
  const payload = await payloadOf({
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
  const merged = mergedOrigins({
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
    ...(kept === undefined ? [] : keptMarks(kept)),
  ];
  const id = deploymentId({
    payloadDigest: payload.digest,
    settings: { ...variables, ...Object.fromEntries(marks) },
  });
  return { secrets, variables: { ...variables, DEPLOYMENT_ID: id }, payload };
}

/** The book that is to be served: as it is read here, or as the Space has it where nobody may look into the index. */
async function bookFor(context: RunContext) {
  const { kept } = context.settings;
  if (kept !== undefined && isBookKept(kept)) {
    const json = await standingFile(context, 'book.json');
    return { book: null, json, collection: keptVariables(kept, ['QDRANT_COLLECTION']) };
  }
  const [book, { store }, json] = await Promise.all([
    bookOf(context),
    collectionOf(context),
    once(context, 'book-text', () => bookTextOf(context)),
  ]);
  return { book, json, collection: { QDRANT_COLLECTION: store.collection } };
}

/** The models that the key was tried with, or those that the Space has. */
function modelsFor({ credentials, settings: { kept } }: RunContext): Record<string, string> {
  const { gemini }: Partial<Credentials> = credentials;
  if (gemini === undefined)
    return kept === undefined
      ? {}
      : keptVariables(kept, ['GEMINI_MODEL', 'GEMINI_EMBEDDING_MODEL', 'GOOGLE_GEMINI_BASE_URL']);
  return {
    GEMINI_MODEL: gemini.answerModel,
    GEMINI_EMBEDDING_MODEL: gemini.embeddingModel,
    ...(gemini.baseUrl === defaults.geminiBaseUrl ? {} : { GOOGLE_GEMINI_BASE_URL: gemini.baseUrl }),
  };
}
