import type { AnswerName, Answers } from '../../model/answers.ts';
import type { Credentials, Probe } from '../../model/credential.ts';
import type { Service } from '../../model/service.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';
import type { InterviewState } from '../interview-state.ts';

/** The verdicts on values that were found on this machine. */
export type DetectedVerdicts = {
  /** What was tested. */
  values: Answers;
  verdicts: Partial<Record<Service, Probe<Credentials[Service]>>>;
  /** The values that can be used. */
  usable: readonly AnswerName[];
};

export type StartState = InterviewState & {
  /** The user wants what is missing to be created. */
  wantsCreation: boolean;
  /** True once the user has chosen how to begin, and where no one can be asked. */
  hasStarted: boolean;
  /** The values that were found are tested. */
  testsDetected: boolean;
  /** The user has decided on the values that were found. */
  hasDecided: boolean;
  detected?: DetectedVerdicts;
};

/** The verdict on the values of a service, where they were tested as they are. */
export function detectedVerdict(
  { detected, answers }: StartState,
  service: Service,
): Probe<Credentials[Service]> | null {
  const isSame = requiredAnswers[service].every((name) => answers[name] === detected?.values[name]);
  const verdict = detected?.verdicts[service];
  return isSame && verdict?.verdict === 'accepted' ? verdict : null;
}
