import { configuredCollection } from '../../model/server-defaults.ts';
import type { ProbePreferences } from '../../probes/probe-service.ts';
import type { AnswerName } from '../../model/answers.ts';
import type { Credentials } from '../../model/credential.ts';
import { questions } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import type { Service } from '../../model/service.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Resource } from '../fact-store.ts';
import { runFlow, type FlowQuestion, cancelledEarly } from '../flow.ts';
import { freePlanQuestion } from './free-plan.ts';
import {
  interviewState,
  refusedCredentials,
  type InterviewState,
  type RefusalsIn,
} from '../interview-state.ts';
import { credentialOf, liveChecks, worstVerdict, type LiveCheckOptions } from './live-checks.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';
import { signInNames } from '../sign-in/sign-in.ts';
import { signInQuestions, signInResources } from './sign-in-questions.ts';
import { sessionFlow } from '../session-flow.ts';
import { questionNamed, valueQuestion } from '../value-question.ts';

export type CredentialQuestionOptions<S> = {
  /** In the order in which they are asked for. */
  services: readonly Service[];
  isNeeded?(state: S, service: Service, name: AnswerName): boolean;
  refusalsIn?: RefusalsIn<S>;
  /** Whether the server may run on Vercel instead of a Space. */
  offersVercel?: boolean;
  /** Resources to wait for before the first question. */
  after?: readonly string[];
};

/**
 * The questions for the credentials of these services. Hugging Face's verdict is awaited before the second: its plan
 * can make everything else pointless.
 */
export function credentialQuestions<S extends InterviewState>(
  options: CredentialQuestionOptions<S>,
): FlowQuestion<S>[] {
  const { services, isNeeded = () => true, refusalsIn = refusedCredentials, after = [] } = options;
  const { offersVercel = false } = options;
  const list: FlowQuestion<S>[] = credentialsOf(services).map(({ service, question }) =>
    valueQuestion({
      question,
      isNeeded: (state) => isNeeded(state, service, question.name),
      refusalsIn,
      room: () => list,
      after: afterHub(service, after),
      failure: (state) => worstVerdict(state, services),
    }),
  );
  return list.flatMap((question) => {
    const { service } = questionNamed(question.id as AnswerName);
    const name = signInNames.find((candidate) => candidate === question.id);
    const signIn =
      name === undefined || service === null
        ? []
        : signInQuestions<S>({
            name,
            isNeeded: (state) => isNeeded(state, service, name),
            refusalsIn,
            after: afterHub(service, after),
          });
    return [...signIn, question, ...(name === 'HF_TOKEN' ? [freePlanQuestion<S>({ offersVercel })] : [])];
  });
}

/** The Hub's plan can make everything else pointless. */
function afterHub(service: Service, after: readonly string[]): readonly string[] {
  return service === 'huggingface' ? after : [...after, 'huggingface'];
}

/** Each service's questions, in the order of the table of questions. */
function credentialsOf(services: readonly Service[]) {
  return questions.flatMap((question) => {
    const service = services.find((candidate) => requiredAnswers[candidate].includes(question.name));
    return service === undefined ? [] : [{ service, question }];
  });
}

/** Credentials for a command that needs nothing else. Throws Failure: input missing, rejected, unreachable, cancelled. */
export async function collectCredentials<N extends Service>(
  session: Session,
  {
    inputs,
    services,
    preferences,
  }: { inputs: CommandInputs; services: readonly N[]; preferences?: Partial<ProbePreferences> },
): Promise<Pick<Credentials, N>> {
  const list = credentialQuestions<InterviewState>({ services });
  const final = await runFlow({
    ...sessionFlow(session, { questions: list, outline: { servicesIn: () => services } }),
    initial: interviewState(session, inputs),
    resources: credentialChecks<InterviewState>({
      session,
      inputs,
      services,
      preferences: () => ({ ...environmentPreferences(session), ...preferences }),
    }),
  });
  if (final === null) throw cancelledEarly();
  return Object.fromEntries(services.map((service) => [service, credentialOf(final, service)])) as Pick<
    Credentials,
    N
  >;
}

/** The live checks, with the models and the collection that the environment names. */
export function credentialChecks<S extends InterviewState>(
  options: Omit<LiveCheckOptions<S>, 'preferences'> & Partial<Pick<LiveCheckOptions<S>, 'preferences'>>,
): Resource<S>[] {
  const preferences = environmentPreferences(options.session);
  const checks = liveChecks({ preferences: () => preferences, ...options });
  const names = signInNames.filter((name) =>
    options.services.includes(questionNamed(name).service ?? 'gemini'),
  );
  return [...names.flatMap((name) => signInResources<S>(name, options)), ...checks];
}

/** The models and the collection that the environment names; the book is written unless `--no-index` is given. */
export function environmentPreferences({
  runtime,
  flags,
}: Pick<Session, 'runtime' | 'flags'>): ProbePreferences {
  const valueOf = (name: string): string | null => runtime.env[name]?.trim() || null;
  return {
    answerModel: valueOf('GEMINI_MODEL'),
    embeddingModel: valueOf('GEMINI_EMBEDDING_MODEL'),
    collection: configuredCollection(runtime.env),
    clusterUse: flags.noIndex ? 'read' : 'write',
  };
}
