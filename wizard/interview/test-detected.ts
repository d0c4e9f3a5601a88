import { isSecretAnswer, type AnswerName, type Answers } from '../model/answers.ts';
import type { Prompt } from '../model/question.ts';
import { questions } from '../model/question.ts';
import { serviceTitles, type Service } from '../model/service.ts';
import { shownValue } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import { createChecks, type Checks, type CheckFailure } from './checks.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import type { CommandInputs } from '../deployment/command-inputs.ts';
import type { Session } from '../model/runtime.ts';
import { wantedFrom } from './wanted-from.ts';

/** What a start is made from. Checks that were made already are not made again. */
export type Start = { answers: Answers; proposals: Answers; checks?: Checks };

/**
 * Tries what was found on this machine, live, and shows each value with its source and verdict; used only when the
 * person then says so. What was refused is offered no more. `back` leads to the first screen.
 */
export async function testDetected(
  session: Session,
  { opening, services }: { opening: CommandInputs; services: readonly Service[] },
): Promise<Start | 'back'> {
  const { answers, proposals } = opening;
  const { emit, runtime, renderer } = session;
  const all: Answers = { ...proposals, ...answers };
  const tried = services.filter((service) => {
    const isWhole = requiredAnswers[service].every((name) => all[name] !== undefined);
    return isWhole && requiredAnswers[service].some((name) => answers[name] === undefined);
  });
  const checks = createChecks({ ...opening, wanted: wantedFrom(session), emit, signal: runtime.signal });
  for (const service of tried) checks.start(service, all);
  await checks.settled(tried);
  const refusals = new Map(checks.failures().map((one) => [one.service, one]));
  const isRefused = (service: Service): boolean => {
    const one = refusals.get(service);
    // A token on a free plan is a good one: its question shows the ways on.
    return one !== undefined && one.alternatives === undefined;
  };
  for (const service of refusals.keys()) checks.forget(service);
  const rest = withoutRejected(
    proposals,
    [...refusals.values()].filter(({ service }) => isRefused(service)),
  );
  const good = new Set(
    tried.filter((service) => !isRefused(service)).flatMap((service) => requiredAnswers[service]),
  );
  const known = namesIn(rest).filter((name) => good.has(name) || !isSecretAnswer(name));
  if (known.length === 0) return { answers, proposals: rest };
  const lines = tried.map((service) => {
    const verdict = refusals.get(service)?.code ?? 'accepted';
    return `${serviceTitles[service]}, ${shown(requiredAnswers[service], proposals)}: ${verdict.replaceAll('-', ' ')}`;
  });
  const reply = await renderer.ask(screen(lines), { signal: runtime.signal });
  if (reply.type === 'back') return 'back';
  if (reply.type !== 'choice') throw cancelledEarly();
  // What is offered one by one may be answered otherwise: it is checked then.
  if (reply.value === 'each') return { answers, proposals: rest };
  const taken = Object.fromEntries(known.map((name) => [name, rest[name]]));
  return { answers: { ...taken, ...answers }, proposals: rest, checks };
}

/** What was refused is offered no more; what nobody answered for stays. */
function withoutRejected(proposals: Answers, refusals: readonly CheckFailure[]): Answers {
  const gone = refusals
    .filter(({ verdict }) => verdict === 'rejected')
    .flatMap(({ service }) => requiredAnswers[service]);
  return Object.fromEntries(Object.entries(proposals).filter(([name]) => !gone.includes(name as AnswerName)));
}

/** `••••••Ab3d from the Hugging Face login`, of each value that was found. */
function shown(names: readonly AnswerName[], proposals: Answers): string {
  return names
    .flatMap((name) => {
      const given = proposals[name];
      return given === undefined ? [] : [`${shownValue(name, given.value)} from ${given.source}`];
    })
    .join(', ');
}

function namesIn(answers: Answers): AnswerName[] {
  return questions.map(({ name }) => name).filter((name) => answers[name] !== undefined);
}

function screen(lines: readonly string[]): Prompt {
  return {
    type: 'choice',
    name: 'found',
    title: 'Use what was found and accepted?',
    lines,
    choices: [
      { value: 'use', label: 'Yes, use it', note: null },
      { value: 'each', label: 'No, offer each at its question', note: null },
    ],
    canGoBack: true,
  };
}
