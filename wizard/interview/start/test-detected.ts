import { isSecretAnswer, type AnswerName, type Answers } from '../../model/answers.ts';
import type { Credentials, Probe } from '../../model/credential.ts';
import type { Session } from '../../model/runtime.ts';
import { serviceTitles, type Service } from '../../model/service.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';
import { checkDoneEvent, probeService, type ProbePreferences } from '../../probes/probe-service.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import { shownValue } from '../value-question.ts';
import { namesIn } from './start-screen.ts';
import type { DetectedVerdicts, StartState } from './start-state.ts';

type DetectedOptions<S> = {
  session: Session;
  inputs: Pick<CommandInputs, 'endpoints' | 'http'>;
  services: readonly Service[];
  /** Whether the run needs this service; by default all. */
  isNeeded?(state: S, service: Service): boolean;
  preferences: ProbePreferences;
};

/** Tests what was found on this machine, live. What is rejected is not offered any more. */
export function detectedResource<S extends StartState>(options: DetectedOptions<S>): Resource<S> {
  return {
    id: 'detected',
    key: ({ testsDetected }) => (testsDetected ? [] : null),
    load: async (state, signal) => {
      const { answers, proposals } = state;
      const values = { ...proposals, ...answers };
      const tested = options.services.filter((service) => {
        const names = requiredAnswers[service];
        const isWanted = options.isNeeded?.(state, service) ?? true;
        const isComplete = isWanted && names.every((name) => values[name] !== undefined);
        return isComplete && names.some((name) => answers[name] === undefined);
      });
      const verdicts = Object.fromEntries(
        await Promise.all(
          tested.map(
            async (service) => [service, await testLive(options, { service, values, signal })] as const,
          ),
        ),
      );
      return factsFrom({ values, verdicts, proposals }) as Partial<S>;
    },
  };
}

async function testLive<S>(
  { session, inputs, preferences }: DetectedOptions<S>,
  options: { service: Service; values: Answers; signal: AbortSignal },
): Promise<Probe<Credentials[Service]>> {
  const { service, values, signal } = options;
  const { endpoints, http } = inputs;
  session.emit({ type: 'check-started', service });
  const probe = await probeService<Service>({
    service,
    answers: values,
    endpoints,
    http,
    signal,
    preferences,
  });
  signal.throwIfAborted();
  session.emit(checkDoneEvent(service, probe));
  return probe;
}

type Verdicts = DetectedVerdicts['verdicts'];

function factsFrom(options: {
  values: Answers;
  verdicts: Verdicts;
  proposals: Answers;
}): Pick<StartState, 'detected' | 'refusedProposals'> {
  const { values, verdicts, proposals } = options;
  const names = (isOf: (probe: Probe<unknown>) => boolean): Set<AnswerName> =>
    new Set(
      Object.entries(verdicts).flatMap(([service, probe]) =>
        isOf(probe) ? requiredAnswers[service as Service] : [],
      ),
    );
  const rejected = names((probe) => isRefused(probe) && probe.verdict === 'rejected');
  const accepted = names((probe) => !isRefused(probe));
  const usable = namesIn(proposals).filter(
    (name) => !rejected.has(name) && (accepted.has(name) || !isSecretAnswer(name)),
  );
  return { detected: { values, verdicts, usable }, refusedProposals: [...rejected] };
}

/** A token on a free plan is a good one: its question shows the alternatives. */
function isRefused(probe: Probe<unknown>): boolean {
  return probe.verdict !== 'accepted' && probe.alternatives === undefined;
}

/** Whether the values that were found and accepted are used; shown with their sources and verdicts. */
export function detectedQuestion<S extends StartState>(): FlowQuestion<S> {
  return {
    id: 'found',
    after: ['detected'],
    isRevisited: false,
    isOpen: ({ detected, hasDecided }) => detected !== undefined && detected.usable.length > 0 && !hasDecided,
    prompt: ({ detected, proposals }) => ({
      type: 'choice',
      name: 'found',
      title: 'Use what was found and accepted?',
      lines: Object.entries(detected?.verdicts ?? {}).map(([service, probe]) =>
        verdictLine(service as Service, probe, proposals),
      ),
      choices: [
        { value: 'use', label: 'Yes, use it', note: null },
        { value: 'each', label: 'No, offer each at its question', note: null },
      ],
    }),
    answer: (state, reply) => {
      const { answers, proposals, detected } = state;
      // What is offered one by one may be answered otherwise: it is checked then.
      const isUsed = reply.type === 'choice' && reply.value === 'use';
      const used = isUsed ? (detected?.usable ?? []).map((name) => [name, proposals[name]] as const) : [];
      return { ...state, hasDecided: true, answers: { ...Object.fromEntries(used), ...answers } };
    },
  };
}

/** `Gemini, ••••••Ab3d from .env: accepted`. */
function verdictLine(service: Service, probe: Probe<unknown>, proposals: Answers): string {
  const values = requiredAnswers[service].flatMap((name) => {
    const proposal = proposals[name];
    return proposal === undefined ? [] : [`${shownValue(name, proposal.value)} from ${proposal.source}`];
  });
  const verdict = probe.verdict === 'accepted' ? 'accepted' : probe.code.replaceAll('-', ' ');
  return `${serviceTitles[service]}, ${values.join(', ')}: ${verdict}`;
}
