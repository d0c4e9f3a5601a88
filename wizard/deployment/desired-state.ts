import { bookJson } from '../../indexer/book-json.ts';
import type { Book } from '../../indexer/book.ts';
import { expectedStamp } from '../../indexer/sync/section-fingerprints.ts';
import { defaults, responseModes, type ResponseMode } from '../../server/contract.ts';
import { responseModeFor } from '../frontend/response-mode.ts';
import type { HostedVariables } from '../clients/hub-schemas.ts';
import { deploymentId } from '../hosting/deployment-id.ts';
import { fingerprint } from '../hosting/fingerprint.ts';
import { hostingOf } from '../hosting/hosting-of.ts';
import type { ServerPayload } from '../hosting/server-payload.ts';
import type { Credentials } from '../model/credential.ts';
import { Secret } from '../model/secret.ts';
import { bookOf } from './book/book-source.ts';
import { collectionOf } from './book/collection.ts';
import type { BookContext, RunContext } from './context.ts';
import { frontendOrigins, mergeOrigins } from './frontend/allowed-origins.ts';
import { limitVariables } from './server/chat-limits.ts';
import {
  existingVariables,
  isIndexKept,
  secretFingerprints,
  spaceFile,
  spaceTitle,
} from './server/existing-secrets.ts';

/** What the Space must hold in the end. */
export type DesiredState = {
  secrets: Readonly<Record<string, string>>;
  /** In the order in which they are written: `DEPLOYMENT_ID` is the last. */
  variables: Readonly<Record<string, string>>;
  payload: ServerPayload;
};

/** The secrets alone, known without a request. Existing ones that are kept are not among them. */
export function desiredSecrets(context: RunContext): Record<string, string> {
  const { gemini, qdrant, postgres }: Partial<Credentials> = context.credentials;
  const key = qdrant?.serverKey ?? qdrant?.key;
  return {
    ...(gemini && { GEMINI_API_KEY: gemini.key.reveal() }),
    ...(qdrant && { QDRANT_URL: qdrant.url.reveal() }),
    ...(key instanceof Secret && { QDRANT_API_KEY: key.reveal() }),
    ...(postgres && { DATABASE_URL: postgres.url.reveal() }),
  };
}

/** Deterministic: the same answers, book and vendors' state give the same result, to the byte. */
export async function desiredState(
  context: RunContext,
  /** The Space's variables; none for a Space that is still to be created. */
  { current }: { current: HostedVariables },
): Promise<DesiredState> {
  const { settings, target } = context;
  const { existingSecrets, removedOrigins = [] } = settings;
  const [{ book, json, collection }, frontend] = await Promise.all([
    servedBook(context),
    frontendOrigins(context),
  ]);
  const title = existingSecrets === undefined || book !== null ? null : await spaceTitle(context);
  const payload = await hostingOf(context).payload({
    folder: settings.payloadDir,
    title: book?.site.title ?? title ?? target.project ?? 'Book',
    frontend: frontend.main ?? book?.site.url ?? 'its own site',
    version: settings.version,
    bookJson: json,
    databaseHost: databaseHostOf(context),
  });
  const previews = frontend.previews === null ? [] : [frontend.previews];
  const origins = mergeOrigins({
    current: current['ALLOWED_ORIGINS']?.value ?? null,
    // Without a frontend the proof asks as the book's local preview does.
    required: frontend.main === null ? [defaults.origins] : [...frontend.all, ...previews],
    configured: settings.origins,
    removed: removedOrigins,
  });
  const ownVariables = await hostingOf(context).ownVariables(current);
  const secrets = desiredSecrets(context);
  const variables: Record<string, string> = {
    ...collection,
    ALLOWED_ORIGINS: origins,
    LOG_LEVEL: settings.logLevel,
    ...modelVariables(context),
    CHAT_RESPONSE_MODE: responseModeOf(context, current),
    ...ownVariables,
    ...limitVariables(settings, {
      current,
      isNew: !('DEPLOYMENT_ID' in current),
      hasEmptyDatabase: hasEmptyDatabase(context),
    }),
  };
  const fingerprints = [
    ...Object.entries(secrets).map(([name, value]) => [name, fingerprint({ space: target.space, value })]),
    ...(existingSecrets === undefined ? [] : secretFingerprints(existingSecrets)),
    ...keptServerKey(context),
  ];
  const id = deploymentId({
    payloadDigest: payload.digest,
    settings: { ...variables, ...Object.fromEntries(fingerprints) },
  });
  return { secrets, variables: { ...variables, DEPLOYMENT_ID: id }, payload };
}

/** The key of the cluster that the server has and keeps. */
function keptServerKey({ credentials }: RunContext): [string, string][] {
  const { qdrant }: Partial<Credentials> = credentials;
  const key = qdrant?.serverKey;
  return key === undefined || key instanceof Secret ? [] : [['QDRANT_API_KEY', key.fingerprint]];
}

/** False for a database that could not be looked into. */
function hasEmptyDatabase({ credentials }: RunContext): boolean {
  const { postgres }: Partial<Credentials> = credentials;
  return postgres?.isEmpty ?? false;
}

/** Null where the connection string stays at the vendor. */
function databaseHostOf({ credentials }: RunContext): string | null {
  const { postgres }: Partial<Credentials> = credentials;
  const text = postgres?.url.reveal() ?? '';
  return URL.canParse(text) ? new URL(text).hostname : null;
}

/**
 * The form that the frontend's code reads. A deployment without the variable was made by version 0.1: where the code does
 * not show what it reads, that is what this version answers, so an update keeps it.
 */
function responseModeOf({ settings }: RunContext, current: HostedVariables): string {
  const previous: ResponseMode = 'DEPLOYMENT_ID' in current ? '0.1' : 'auto';
  const mode = current['CHAT_RESPONSE_MODE']?.value ?? previous;
  const contract = settings.wiring?.contract ?? null;
  const preferred = responseModes.find((name) => name === mode);
  return (contract === null ? null : responseModeFor(contract, preferred)) ?? mode;
}

/** The book that the server gets: as it is read here, or as the Space has it when the index is not accessible. */
async function servedBook(
  context: RunContext,
): Promise<{ book: Book | null; json: string | null; collection: Record<string, string> }> {
  const { existingSecrets } = context.settings;
  if (existingSecrets !== undefined && isIndexKept(existingSecrets)) {
    const json = await spaceFile(context, 'book.json');
    return { book: null, json, collection: existingVariables(existingSecrets, ['QDRANT_COLLECTION']) };
  }
  const [book, { store }, json] = await Promise.all([
    bookOf(context),
    collectionOf(context),
    context.state.bookJson(() => bookJsonOf(context)),
  ]);
  return { book, json, collection: { QDRANT_COLLECTION: store.collection } };
}

/**
 * The book beside the server, with the stamp that its indexing will leave: known before that ends, so that the image
 * is built meanwhile.
 */
export async function bookJsonOf(context: BookContext): Promise<string | null> {
  const book = await bookOf(context);
  if (book === null) return null;
  const { embeddingModel: model, dimensions } = context.credentials.gemini;
  return bookJson({ book, stamp: expectedStamp({ book, embedder: { model, dimensions } }) });
}

/** The models that the key was tested with, or those that the Space has. */
function modelVariables({ credentials, settings: { existingSecrets } }: RunContext): Record<string, string> {
  const { gemini }: Partial<Credentials> = credentials;
  if (gemini === undefined)
    return existingSecrets === undefined
      ? {}
      : existingVariables(existingSecrets, [
          'GEMINI_MODEL',
          'GEMINI_EMBEDDING_MODEL',
          'GOOGLE_GEMINI_BASE_URL',
        ]);
  return {
    GEMINI_MODEL: gemini.answerModel,
    GEMINI_EMBEDDING_MODEL: gemini.embeddingModel,
    ...(gemini.baseUrl === defaults.geminiBaseUrl ? {} : { GOOGLE_GEMINI_BASE_URL: gemini.baseUrl }),
  };
}
