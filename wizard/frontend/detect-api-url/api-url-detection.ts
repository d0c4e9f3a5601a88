import type { SourceLocation } from '../../../javascript/source-file.ts';
import type { ChatContract } from '../../model/chat-contract.ts';
import type { RequestCall } from './contract/request-call.ts';
import type { UrlDefinition } from './url-definition.ts';
import type { UrlSuffix } from './url-suffix.ts';
import type { Framework } from '../framework.ts';
import type { UrlSource } from '../url-source.ts';

export type Mechanism =
  | 'custom-fields'
  | 'window-global'
  | 'meta-tag'
  | 'defined'
  | 'raw-process-env'
  | 'create-react-app'
  | 'vite'
  | 'next'
  | 'written-in'
  | 'same-origin';

/** One way in which the API's URL gets into the pages. */
export type ApiUrlFinding = {
  mechanism: Mechanism;
  /** The variable of the build that sets it; null where none does yet. */
  variable: string | null;
  suffix: UrlSuffix;
  /** The line that reads it. */
  location: SourceLocation;
  /** The lines that show it: where it is set, and where it is used. */
  evidence: readonly SourceLocation[];
  /** Whether a value of the variable reaches the pages without a change to the project. */
  reachesPages: boolean;
  /** `certain` when it was traced to a request. */
  confidence: 'certain' | 'likely';
  /** Whether a chat request uses it, as far as the paths tell. */
  isAboutChat: boolean;
  /** Whether everything that is asked of it is what the chat's server answers beside the chat. */
  isAnswered: boolean;
  source: UrlSource;
  /** The source that the code prefers to this one: `preferred || this`. */
  preferred: UrlSource | null;
  definition: UrlDefinition;
  /** The variable that the code reads beside a literal where no browser gets to: behind `typeof process`. */
  guardedVariable: string | null;
  /** How the chat asks and reads the reply; null where the code does not show it. */
  contract: ChatContract | null;
  /** The lines that show the contract. */
  contractPlaces: readonly SourceLocation[];
  /** The calls that send a question. */
  questionCalls: readonly RequestCall[];
};

export type ApiUrlDetection = {
  framework: Framework;
  /** What the chat uses, the most certain first. With more than one, the user decides. */
  findings: readonly ApiUrlFinding[];
  /** URLs and variables that no chat request uses, and why. */
  decoys: readonly { name: string; location: SourceLocation; reason: string }[];
  /** Public names read as `process.env.NAME` where no `process` exists, which breaks the page. Never a secret's. */
  undefinedVariables: readonly string[];
  /** What the chat's request reads and no build fills in, a secret's name too: nothing is ever written by it. */
  brokenReads: readonly { name: string; location: SourceLocation }[];
  /** Every source that the browser code spells in one expression. */
  sources: readonly UrlSource[];
  /** What the pages ask of the chat's address beside the chat. */
  otherRequests: readonly OtherRequest[];
  /** The line that lets only readers into the chat who have logged in, at a server that is not touched. */
  loginCheck: SourceLocation | null;
  /** Why nothing is wired, and what helps instead; null where a chat was found, or nothing at all. */
  refusal: { why: string; instead: string; place: SourceLocation | null } | null;
};

/** A request to the chat's address that is not the chat's; `isAnswered` where the chat's server answers it all the same. */
export type OtherRequest = {
  /** Which of the chat's addresses it goes to: a variable, or the origin of a literal. */
  address: string;
  method: string;
  path: string;
  place: SourceLocation;
  isAnswered: boolean;
  /** The call that sends it. */
  call: RequestCall;
};
