import type { HostedSecrets, HostedVariables } from '../clients/hub-schemas.ts';
import type { Http } from '../clients/http.ts';
import type { HubAccount } from '../model/credential.ts';
import type { Secret } from '../model/secret.ts';
import type { Service } from '../model/service.ts';
import type { HostedSettings } from './hosted-settings.ts';
import type { ServerPayload } from './server-payload.ts';

/** What it takes to reach the place where a server runs. A vendor that does not host it may be absent. */
export type HostingAccess = {
  credentials: {
    /** Without a token, only what is public is read. */
    huggingface?: { token: Secret | null; endpoint: string; account?: HubAccount };
    vercel?: { token: Secret; apiUrl: string };
    /** Of the account that runs the server, where that is another than the book's. */
    vercelHosting?: { token: Secret; apiUrl: string };
  };
  /** `owner/name` of a Space; `vercel/ACCOUNT/NAME` of a Vercel project. */
  target: { space: string };
  http: Http;
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
};

/** Of a wait at the vendor. */
export type HostingTools = HostingAccess & {
  now(): number;
  sleep(ms: number, options: { signal: AbortSignal }): Promise<unknown>;
  /** Values that no line may show. */
  secrets: readonly string[];
};

/** The book’s Vercel project; null without a frontend. `team` is null in the personal scope. */
export type BookProject = { project: string | null; team: string | null };

export type HostedSetting = { key: string; value: string };

/** What is where a server is to run. */
export type PlaceState =
  | { type: 'absent'; what: string }
  /** Made by this tool. */
  | { type: 'ours'; what: string }
  /** Something of the user's that may be taken over; `previous` is what undo goes back to. */
  | { type: 'adoptable'; what: string; previous: string | null; how: { message: string; remedy: string } };

export type UploadPlan = {
  /** The server's files, and how they differ from those that are there. */
  changes: readonly { name: string; kind: 'new' | 'changes' | 'unchanged' }[];
  /** What undo goes back to. */
  previous: string | null;
  /** Uploads what differs. Returns what was done, for a person. */
  upload(): Promise<string>;
};

/** The server's files with another book beside them. */
export type BookPlan = {
  /** The digest of all files then. */
  digest: string;
  /** For a person. */
  what: string;
  /** Uploads them, to run with the settings that this id names. Returns what was done, for a person. */
  upload(deploymentId: string): Promise<string>;
};

/** A line of the vendor's log, or how far the wait is. */
export type HostingNews =
  | { type: 'log'; text: string }
  | { type: 'progress'; done: number; total: number; note: string };

/** `follow` waits until the new server runs and returns a sentence; it is null when there is nothing to wait for. */
export type BuildPlan = {
  kind: 'new' | 'changes' | 'unchanged';
  what: string;
  follow: (() => AsyncGenerator<HostingNews, string>) | null;
};

export type PlaceStatus = {
  /** As in `stage.ts`. */
  stage: string;
  /** The vendor's reason for a failure. */
  errorMessage: string | null;
  isPublic: boolean;
  /** Why readers cannot reach it, although it runs; null when they can. */
  hidden: { code: string; message: string; remedy: string } | null;
  url: string | null;
  /** Null where the credential may not read them. */
  variables: HostedVariables | null;
  secrets: HostedSecrets | null;
};

/** A place's pages at its vendor. */
export type HostingPage = 'home' | 'settings' | 'files' | 'build-log' | 'run-log';

/**
 * Where the server runs: everything that a deployment does with that place. Implemented by `space/` and
 * `vercel-function/`; nothing above asks which of the two it is. Every call throws HttpFailure or Failure.
 */
export interface Hosting {
  /** The vendor. */
  readonly service: Service;
  /** In a sentence: `the Space`. */
  readonly noun: string;
  /** The place's name for the user. */
  readonly label: string;
  /** The flags that name it on the command line. */
  readonly flags: string;
  page(page: HostingPage): string;
  /** What is there now. Throws Failure when the server must not go there. */
  inspect(request: { isJournaled: boolean; mayAdopt: boolean; keepsSecrets: boolean }): Promise<PlaceState>;
  /** Creates it; settings that the vendor takes at creation are set with it. */
  create(
    settings: { secrets: readonly HostedSetting[]; variables: readonly HostedSetting[] },
    tools: Pick<HostingTools, 'sleep'>,
  ): Promise<void>;
  settings(): Promise<HostedSettings>;
  /** Its fingerprint is written beside it. */
  setSecret(secret: HostedSetting): Promise<void>;
  removeSecret(key: string): Promise<void>;
  /** Marked as ours unless it was its owner's. Returns all variables afterwards. */
  setVariable(variable: HostedSetting & { isOurs?: boolean }): Promise<HostedVariables>;
  removeVariable(key: string): Promise<void>;
  /** Variables that the server needs here besides those of any hosting. */
  ownVariables(current: HostedVariables): Promise<Readonly<Record<string, string>>>;
  /** What a person has to know of a new place before the plan is accepted. */
  remarksOnNew(request: { book: BookProject }): Promise<readonly string[]>;
  /** The files that the server is made of. */
  payload(content: PayloadContent): Promise<ServerPayload>;
  /** The digest of the server's files that are there now. */
  currentDigest(): Promise<string>;
  planUpload(request: { payload: ServerPayload; deploymentId: string; title: string }): Promise<UploadPlan>;
  /** Null where the server has this book, or where a new one waits for the next deployment and is not asked for. */
  planBook(bookJson: () => Promise<string | null>): Promise<BookPlan | null>;
  /** A text file of the server; null when it has none of that name. */
  readFile(path: string): Promise<string | null>;
  inspectBuild(
    tools: Omit<HostingTools, keyof HostingAccess>,
    state: { wasChanged: boolean },
  ): Promise<BuildPlan>;
  /** Starts it again, from scratch where the vendor builds. */
  rebuild(): Promise<void>;
  /** Lets everybody reach it, which only a person decides; null where no setting of it can be in the way. */
  readonly openToReaders: (() => Promise<void>) | null;
  /** Its origin as the vendor names it; null while there is none. */
  address(): Promise<string | null>;
  /** Null when there is no such place. */
  status(): Promise<PlaceStatus | null>;
  /** What the server prints, from as far back as the vendor keeps it; ends after `idleMs` of silence. */
  log(options: { idleMs: number }): AsyncGenerator<string, void>;
  /** Back to what was there before it was taken over; null when nothing differs or nothing can be restored. */
  planRestore(previous: string): Promise<{ what: string; run(): Promise<void> } | null>;
  /** Deletes the place with all that is in it. */
  remove(): Promise<void>;
}

export type PayloadContent = {
  /** Folder of this installation with the server's files. */
  folder: string;
  title: string;
  /** Where the book is read. */
  frontend: string;
  version: string;
  /** Null when there is no book, or none small enough. */
  bookJson: string | null;
  /** Host of the database, near which the server runs; null where it is not known. */
  databaseHost: string | null;
};
