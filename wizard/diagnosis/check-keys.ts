import type { CommandInputs } from '../deployment/command-inputs.ts';
import type { NewSecrets } from '../hosting/hosted-settings.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import type { Session } from '../model/runtime.ts';
import { services, type Service } from '../model/service.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import { checkDoneEvent, probeService, type ProbePreferences } from '../probes/probe-service.ts';
import type { Finding } from './finding.ts';

type KeyCheck = { accepted: Partial<Credentials>; findings: Finding[] };

/** Checks the services whose keys are there; a missing key is no finding. */
export async function checkGivenKeys(
  { runtime, emit }: Session,
  options: {
    inputs: CommandInputs;
    answers: Answers;
    preferences: ProbePreferences;
    only: (service: Service) => boolean;
  },
): Promise<KeyCheck> {
  const { inputs, answers, preferences, only } = options;
  const { endpoints, http } = inputs;
  const { signal } = runtime;
  const complete = services.filter(
    (service) => only(service) && requiredAnswers[service].every((name) => answers[name] !== undefined),
  );
  const accepted: Partial<Record<Service, unknown>> = {};
  const findings: Finding[] = [];
  await Promise.all(
    complete.map(async (service) => {
      emit({ type: 'check-started', service });
      const probe = await probeService<Service>({ service, answers, endpoints, preferences, http, signal });
      emit(checkDoneEvent(service, probe));
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else findings.push({ code: probe.code, service, message: probe.message, remedy: probe.remedy });
    }),
  );
  return { accepted: accepted as Partial<Credentials>, findings };
}

/** As the checks normalised them, because the Space has them in that form. */
export function secretsToCompare({ gemini, qdrant, postgres }: Partial<Credentials>): NewSecrets {
  return {
    ...(gemini && { GEMINI_API_KEY: gemini.key }),
    ...(qdrant && { QDRANT_URL: qdrant.url }),
    ...(qdrant?.key && { QDRANT_API_KEY: qdrant.key }),
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
}
