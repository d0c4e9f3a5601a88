import type { VercelTarget } from '../../clients/vercel-schemas.ts';
import type { RunContext } from '../../deployment/context.ts';
import type { FrontendWiring } from '../../deployment/run-settings.ts';
import type { ApiUrlDetection } from '../../frontend/detect-api-url/api-url-detection.ts';
import type { SourceTexts } from '../../../javascript/source-file.ts';

/** The frontend's folder, and where its code gets the server's URL; without a folder the deployed pages tell. */
export type FrontendSource = {
  folder: { dir: string; top: string | null } | null;
  files: SourceTexts;
  detection: ApiUrlDetection | null;
};

/** How the frontend gets the server's URL, and the change of its files that is offered for it. */
export type ProposedWiring = {
  variable: string;
  /** Without the change. */
  wiring: FrontendWiring;
  change: WiringChange | null;
  /** False where the change is written without asking, and where there is none. */
  isOffered: boolean;
};

export type WiringChange = {
  summary: string;
  paths: readonly string[];
  /** With the change written. */
  wiring: FrontendWiring;
};

/** `chat`: its request alone, by a change of the source; `all`: the whole base; `none`: nothing is written. */
export type AddressMove = 'chat' | 'all' | 'none';

/** The environments that get the variable. */
export type ProposedTargets = {
  variable: string;
  targets: readonly VercelTarget[];
  /** True before the variable exists anywhere: then the user chooses. */
  isOffered: boolean;
};

/** A decision holds for the fact that it was made on: when that is loaded again, it is asked for again. */
type Decision<F, T> = { on: F; value: T } | null;

export type FrontendState = {
  isInteractive: boolean;
  frontendSource?: FrontendSource;
  proposedWiring?: ProposedWiring;
  proposedTargets?: ProposedTargets;
  /** Index of the finding that the chat uses. */
  chosenFinding: Decision<FrontendSource, number>;
  /** What moves, where other requests go to the chat's address as well. */
  chosenMove: Decision<FrontendSource, AddressMove>;
  writesChange: Decision<ProposedWiring, boolean>;
  chosenTargets: Decision<ProposedTargets, readonly VercelTarget[]>;
};

export const undecidedFrontend = {
  chosenFinding: null,
  chosenMove: null,
  writesChange: null,
  chosenTargets: null,
} as const;

/** What the frontend's resources read with. */
export type ContextIn<S> = (state: S) => RunContext;
