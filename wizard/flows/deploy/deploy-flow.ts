import type { Service } from '../../model/service.ts';
import type { Answers } from '../../model/answers.ts';
import type { Session } from '../../model/runtime.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { confirmPlanQuestion } from '../../interview/confirm-plan.ts';
import {
  credentialChecks,
  credentialQuestions,
  environmentPreferences,
} from '../../interview/credentials/credential-questions.ts';
import { movedToVercel } from '../../interview/credentials/free-plan.ts';
import { existingSecretsResource } from '../../interview/credentials/existing-secrets.ts';
import type { Resource } from '../../interview/fact-store.ts';
import { inPhase, type Flow, type FlowQuestion } from '../../interview/flow.ts';
import {
  frontendQuestions,
  frontendResourceIds,
  frontendResources,
} from '../../interview/frontend/frontend-flow.ts';
import { undecidedFrontend } from '../../interview/frontend/frontend-state.ts';
import { interviewState } from '../../interview/interview-state.ts';
import { withCreated } from '../../interview/provisioning/create-postgres.ts';
import { notCreatedQuestion } from '../../interview/provisioning/not-created.ts';
import { signInIds } from '../../interview/credentials/sign-in-questions.ts';
import { sessionFlow } from '../../interview/session-flow.ts';
import { startQuestion } from '../../interview/start/start-screen.ts';
import { detectedVerdict } from '../../interview/start/start-state.ts';
import { detectedQuestion, detectedResource } from '../../interview/start/test-detected.ts';
import { bookResources } from '../../interview/targets/book-questions.ts';
import { hostingAccountResource, hostingCredentialsIn } from '../../interview/targets/hosting-account.ts';
import { folderProjectResource, targetQuestions } from '../../interview/targets/target-questions.ts';
import { retryQuestion } from '../retry-question.ts';
import { createdByFlag, creationQuestions, creationResources } from './creation/creation.ts';
import { declinedChange } from './declined-change.ts';
import { deployOutline } from './deploy-outline.ts';
import { isIndexing, type DeployState, type ExistingSpace } from './deploy-state.ts';
import { bookNoticeResource, draftResource, prefetchResource } from './draft-resource.ts';
import { previousPlaceQuestion } from './previous/previous-place.ts';
import { previousProjectQuestion } from './previous/previous-project.ts';
import { orPlanFailure, planAgain, planAgainQuestion, refusalsInDeployment } from './recover-from-refusal.ts';
import { hasAllInput, isCreated, neededServices, possibleServices } from './required-services.ts';
import { resumeQuestion } from './resume-menu.ts';
import { buildRunContext } from './run-context.ts';
import { retentionQuestion } from '../../interview/retention-question.ts';
import { serverKeyResource } from './creation/server-key.ts';
import {
  cancelDeployment,
  leftoversResource,
  planResource,
  retentionResource,
  previousPlacesResource,
  runResource,
} from './run-resources.ts';

export type DeployOptions = {
  session: Session;
  inputs: CommandInputs;
  /** The Space that this machine knows, and what may be wanted of it. */
  existingSpace: ExistingSpace | null;
  /** Entered before, and offered again. */
  defaults?: Answers;
  /** True for a plan alone, which asks nothing about the frontend and changes nothing. */
  isPlanOnly: boolean;
};

/**
 * Everything from the first screen to the result: what is wanted of an existing Space, credentials, targets, the
 * frontend, the previous project, the plan and its confirmation; the run, and what to do when it fails.
 */
export function deployFlow(options: DeployOptions): Flow<DeployState> {
  const { session, isPlanOnly } = options;
  const own = isPlanOnly ? { ...session, flags: readOnly(session.flags) } : session;
  const confirm = confirmPlanQuestion<DeployState>({
    planIn: ({ run }) => run?.plan ?? null,
    hasYes: session.flags.yes,
    after: planned,
  });
  const lastQuestions = [...inPhase('plan', [confirm]), ...inPhase('run', [afterFailure])];
  const questions = [...questionsUntilPlan(own), ...(isPlanOnly ? [] : lastQuestions)];
  const outline = deployOutline(session);
  const flow = sessionFlow(session, { questions, outline, refusalsIn: refusalsInDeployment });
  return {
    ...flow,
    initial: initialState(options),
    resources: [
      bookNoticeResource(session),
      ...resourcesUntilPlan(own, options.inputs),
      planResource(own),
      ...(isPlanOnly ? [] : [runResource(session, confirm)]),
    ],
    onCancel: (state) => cancelDeployment(session, state),
  };
}

const first = ['book-notice', 'book-location', 'detected', 'existing-secrets'];
const planned = [
  'draft',
  'qdrant-server-key',
  ...frontendResourceIds,
  'leftovers',
  'previous-places',
  'plan',
];

const afterFailure = retryQuestion<DeployState>({
  after: [...planned, 'run'],
  retry: (state, recovery) => ({ ...state, recovery, runAttempt: state.runAttempt + 1 }),
  replan: planAgain,
  betterPlan: declinedChange,
  moveToVercel: movedToVercel,
});

function initialState({ session, inputs, existingSpace, defaults = {} }: DeployOptions): DeployState {
  const state = interviewState(session, inputs);
  return {
    ...state,
    ...undecidedFrontend,
    given: defaults,
    existingSpace,
    action: null,
    mode: existingSpace === null ? { type: 'create' } : null,
    hasStarted: !state.isInteractive,
    testsDetected: false,
    hasDecided: false,
    removals: null,
    retention: null,
    placeRemovals: null,
    ...createdByFlag(session.flags.create),
    hostingAccount: null,
    knownPlace: null,
    isConfirmed: false,
    hasStopped: false,
    planAttempt: 0,
    runAttempt: 0,
    recovery: null,
  };
}

/** A plan shows the change of the frontend's files, and writes none. */
function readOnly(flags: Session['flags']): Session['flags'] {
  return { ...flags, yes: true, writeFrontend: false };
}

function questionsUntilPlan(session: Session): FlowQuestion<DeployState>[] {
  const { flags } = session;
  const services = possibleServices(flags);
  const refusalsIn = refusalsInDeployment;
  const accepted = [...first, ...services, 'hosting-account'];
  const isNeeded = (state: DeployState, service: Service) => neededServices(flags, state).includes(service);
  const keys: FlowQuestion<DeployState>[] = [
    resumeQuestion,
    startQuestion<DeployState>(session, { isNeeded: ({ mode }) => mode?.type === 'create', after: first }),
    detectedQuestion<DeployState>(),
    ...creationQuestions(session, first),
    ...credentialQuestions<DeployState>({
      services,
      isNeeded: (state, service, name) => isNeeded(state, service) && !isCreated(state, name),
      refusalsIn,
      offersVercel: true,
      after: first,
    }),
  ];
  const targets: FlowQuestion<DeployState>[] = [
    ...targetQuestions<DeployState>({
      session,
      refusalsIn,
      isBookNeeded: (state) => state.mode !== null && isIndexing(state, flags),
      after: [...accepted, ...planned],
    }),
    notCreatedQuestion<DeployState>([...accepted, 'created-qdrant', 'created-postgres']),
    planAgainQuestion([...accepted, ...planned]),
    ...frontendQuestions<DeployState>(session, [...accepted, 'draft']),
    previousProjectQuestion<DeployState>([...accepted, ...planned]),
    retentionQuestion<DeployState>([...accepted, ...planned, 'retention']),
    previousPlaceQuestion<DeployState>([...accepted, ...planned]),
  ];
  return [...inPhase('keys', keys), ...inPhase('targets', targets)];
}

function resourcesUntilPlan(session: Session, inputs: CommandInputs): Resource<DeployState>[] {
  const { flags } = session;
  const services = possibleServices(flags);
  const isNeeded = (state: DeployState, service: Service) => neededServices(flags, state).includes(service);
  const preferences = environmentPreferences(session);
  const contextIn = (state: DeployState) => buildRunContext(session, state);
  const checks = credentialChecks<DeployState>({
    session,
    inputs,
    services,
    isNeeded: (state, service) => hasBegun(state) && isNeeded(state, service),
    knownVerdict: detectedVerdict,
    answersIn: withCreated,
    isComplete: (state) => hasAllInput(flags, state),
  });
  return [
    ...bookResources<DeployState>({ session, isActive: ({ mode }) => mode !== null }),
    prefetchResource(session),
    detectedResource<DeployState>({ session, inputs, services, isNeeded, preferences }),
    ...checks.filter(({ id }) => isHost(id)),
    hostingAccountResource<DeployState>(session, inputs),
    // Decides which of the other services are checked.
    existingSecretsResource<DeployState>(session, {
      inputs,
      spaceIn: ({ mode }) => (mode?.type === 'update' ? mode.space : null),
      accessIn: hostingCredentialsIn,
    }),
    ...checks.filter(({ id }) => id === 'gemini'),
    ...creationResources({
      session,
      inputs,
      services,
      checks,
      isNeeded: (state, service) => hasBegun(state) && isNeeded(state, service),
    }),
    folderProjectResource<DeployState>(session),
    draftResource(session, inputs),
    serverKeyResource(session),
    ...frontendResources<DeployState>({
      session,
      contextIn,
      inputs: (state) => {
        const isWired = state.draft !== undefined && contextIn(state).settings.frontend !== 'skip';
        return isWired ? [state.draft] : null;
      },
      guard: (state, load) => orPlanFailure(session, { state, load }),
    }),
    leftoversResource(session),
    previousPlacesResource(session, inputs),
    retentionResource(session),
  ];
}

/** Vendors where a server may run, and signing in there. */
const isHost = (id: string): boolean =>
  ['huggingface', 'vercel', ...signInIds('huggingface'), ...signInIds('vercel')].includes(id);

/** Whether the checks may start: not before the first screen, nor while what was found is tested. */
function hasBegun({ hasStarted, testsDetected, detected, hasDecided }: DeployState): boolean {
  const isTesting = testsDetected && !hasDecided && detected?.usable.length !== 0;
  return hasStarted && !isTesting;
}
