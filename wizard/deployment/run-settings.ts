import type { BookSelection } from '../../indexer/book-selection.ts';
import type { VercelTarget } from '../clients/vercel-schemas.ts';
import type { FileChange } from '../frontend/wiring/write-files.ts';
import type { ChatContract } from '../model/chat-contract.ts';
import type { HostedSettings } from '../hosting/hosted-settings.ts';
import type { LimitSettings } from './server/chat-limits.ts';

/** What the user wants of a run, besides the credentials and the target. */
export type RunSettings = Pick<LimitSettings, 'limits' | 'proposesLimits'> & {
  /** Name of the Qdrant collection; a collection of that name that another tool wrote is left alone. */
  collection: string;
  logLevel: string;
  /** Origins that may call the server, besides the project's own. */
  origins: readonly string[];
  /** Absolute folder of the book, or the address of its live site. */
  docsDir: string | null;
  /** Path of the book’s site, given by the user where its configuration computes it. */
  bookBaseUrl?: string | null;
  /** Its versions and languages; without it the version that readers see first. */
  bookSelection?: BookSelection;
  skipIndex: boolean;
  /** Has a model write about each section; null: where the collection has it. `stateDir` keeps what it wrote until then. */
  enrichment?: { isWanted: boolean | null; stateDir: string };
  /** True with `--no-index`: a server whose collection does not exist yet is what the user wants. */
  noIndex?: boolean;
  frontend: 'set' | 'skip';
  /** Origin of a server that is hosted elsewhere: the Space's steps are skipped. */
  apiUrl: string | null;
  /** Folder that holds the server's files, as built into `dist/space`. */
  payloadDir: string;
  frontendVariable: string;
  /** The project's environments that get the variable; production alone by default. */
  frontendTargets?: readonly VercelTarget[];
  /** Path of a Chromium that the proof asks in as well, null where none was found; absent without `--browser`. */
  browser?: { chromium: string | null };
  /** How the frontend gets the server's URL; absent until it is detected. */
  wiring?: FrontendWiring;
  /** Of rag-space-setup. */
  version: string;
  /** True when the user named the Space: an existing Docker Space may then be taken over. */
  adopt: boolean;
  /** Secrets already set on the Space; kept unchanged. */
  existingSecrets?: ExistingSecrets;
  /** Origins of a previous frontend, which lose access. */
  removedOrigins?: readonly string[];
};

export type ReusableService = 'gemini' | 'qdrant' | 'postgres';

/** The Space's settings, and the services whose secrets among them are not replaced. */
export type ExistingSecrets = HostedSettings & { services: readonly ReusableService[] };

export type FrontendWiring = {
  /** What follows the server's origin in the variable's value: `/api`, say. */
  path: string;
  /** The whole value, when the user gave it. */
  value: string | null;
  /** True when the page calls its own origin and a rewrite in `vercel.json` forwards it: there is no variable. */
  isSameOrigin: boolean;
  /** True when the site has the server's own chat, which names the server in its line: there is no variable. */
  hasWidget?: boolean;
  /** Why no variable is written and nothing is redeployed; null where both are done. */
  leftAlone: string | null;
  /** How its chat asks and reads the answer, by its source; null where that does not show it, or is not there. */
  contract: ChatContract | null;
  /** Absolute folder of the frontend; null when its source is not on this machine. */
  dir: string | null;
  /** Root of the repository on Vercel, when the project's root directory is a folder below it. */
  top: string | null;
  /** Files, relative to `dir`, through which the URL reaches the page. */
  files: readonly string[];
  /** Accepted edits of its files; they are written before production is built from them. */
  changes: readonly FileChange[];
  /** True when `changes` hold `PLACEHOLDER_URL` for the Space's URL. */
  hasPlaceholderUrl: boolean;
  /** Whether the user can commit and push while the run waits. */
  awaitsPush: boolean;
};

/** Without detection: the bare origin, in the variable. */
export const defaultWiring: FrontendWiring = {
  path: '',
  value: null,
  isSameOrigin: false,
  leftAlone: null,
  contract: null,
  dir: null,
  top: null,
  files: [],
  changes: [],
  hasPlaceholderUrl: false,
  awaitsPush: false,
};

/** The variable that holds the server's URL in compatible frontends. */
export const defaultFrontendVariable = 'REACT_APP_API_BASE_URL';
