import type { RunSettings } from '../../deployment/run-settings.ts';
import type { Session } from '../../model/runtime.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import { findingQuestion, isFindingOpen, readFrontendSource } from './frontend-source.ts';
import type { ContextIn, FrontendState } from './frontend-state.ts';
import { areTargetsOpen, proposeTargets, targetsQuestion } from './frontend-targets.ts';
import { proposeWiring } from './frontend-wiring.ts';
import { isMoveOpen, moveQuestion } from './shared-address.ts';
import { acceptedWiring, isWriteOpen, writeQuestion } from './offer-change.ts';

type FrontendOptions<S> = {
  session: Session;
  contextIn: ContextIn<S>;
  /** What everything here depends on; null until the run's targets are known, and where no frontend is wired. */
  inputs(state: S): readonly unknown[] | null;
  /** Turns a failure into a fact where the user can be asked about it. */
  guard(state: S, load: () => Promise<Partial<S>>): Promise<Partial<S>>;
};

export const frontendResourceIds = ['frontend-source', 'frontend-wiring', 'frontend-targets'] as const;

/** Reads how the frontend gets the server's URL, what has to change for it, and who gets the variable. */
export function frontendResources<S extends FrontendState>(options: FrontendOptions<S>): Resource<S>[] {
  const { session, contextIn, inputs, guard } = options;
  const { flags } = session;
  return [
    {
      id: 'frontend-source',
      key: inputs,
      load: (state) =>
        guard(state, async () => {
          const frontendSource = await readFrontendSource(session, contextIn(state));
          return { frontendSource } as Partial<S>;
        }),
    },
    {
      id: 'frontend-wiring',
      key: (state) => {
        const { frontendSource, chosenFinding, chosenMove } = state;
        const isOpen = isFindingOpen(session, state) || isMoveOpen(session, state);
        return frontendSource === undefined || isOpen ? null : [frontendSource, chosenFinding, chosenMove];
      },
      load: (state) =>
        guard(state, async () => {
          const { frontendSource: source } = state;
          if (source === undefined) return {};
          const proposedWiring = await proposeWiring(session, { context: contextIn(state), source, state });
          return { proposedWiring } as Partial<S>;
        }),
    },
    {
      id: 'frontend-targets',
      key: (state) => {
        const { proposedWiring, writesChange } = state;
        return proposedWiring === undefined || isWriteOpen(state) ? null : [proposedWiring, writesChange];
      },
      load: (state) =>
        guard(state, async () => {
          const variable = frontendVariableIn(session, state);
          const isInteractive = state.isInteractive && !flags.yes;
          const { leftAlone = null, hasWidget = false } = acceptedWiring(state) ?? {};
          const writesNone = isSameOrigin(session, state) || hasWidget || leftAlone !== null;
          const proposedTargets = writesNone
            ? { variable, targets: ['production'], isOffered: false }
            : await proposeTargets(session, { context: contextIn(state), variable, isInteractive });
          return { proposedTargets } as Partial<S>;
        }),
    },
  ];
}

export function frontendQuestions<S extends FrontendState>(
  session: Session,
  after: readonly string[],
): FlowQuestion<S>[] {
  const [source, wiring, targets] = frontendResourceIds;
  return [
    findingQuestion(session, [...after, source]),
    moveQuestion(session, [...after, source]),
    writeQuestion([...after, source, wiring]),
    targetsQuestion([...after, source, wiring, targets]),
  ];
}

function frontendVariableIn({ flags }: Session, { proposedWiring }: FrontendState): string {
  return flags.frontendVariable ?? proposedWiring?.variable ?? '';
}

function isSameOrigin({ flags }: Session, state: FrontendState): boolean {
  const isFixed = flags.frontendValue !== null || flags.frontendVariable !== null;
  return acceptedWiring(state)?.isSameOrigin === true && !isFixed;
}

/** True when nothing about the frontend is left to read or to ask. */
export function isFrontendSettled(state: FrontendState): boolean {
  return state.proposedTargets !== undefined && !areTargetsOpen(state);
}

/** The run's settings of the frontend, as far as they are known. */
export function frontendSettings(
  session: Session,
  state: FrontendState,
): Pick<RunSettings, 'frontendVariable' | 'frontendTargets' | 'wiring'> | null {
  const { proposedTargets, chosenTargets, frontendSource } = state;
  const wiring = acceptedWiring(state);
  if (wiring === null || proposedTargets === undefined) return null;
  const { flags, renderer } = session;
  return {
    frontendVariable: frontendVariableIn(session, state),
    frontendTargets: chosenTargets?.on === proposedTargets ? chosenTargets.value : proposedTargets.targets,
    wiring: {
      ...wiring,
      value: flags.frontendValue,
      top: frontendSource?.folder?.top ?? null,
      isSameOrigin: isSameOrigin(session, state),
      awaitsPush: flags.waitForPush || (!flags.yes && renderer.canAsk),
    },
  };
}
