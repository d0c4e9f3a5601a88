import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import { services, type Service } from '../model/service.ts';
import { checkDoneEvent, probeService, type ProbePreferences } from '../probes/run-probes.ts';
import type { NewSecrets } from '../hosting/space/space-settings.ts';
import type { Finding } from './finding.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import type { CommandInputs } from '../deployment/command-inputs.ts';
import type { Session } from '../model/runtime.ts';

type KeyCheck = { accepted: Partial<Credentials>; findings: Finding[] };

/** Those of the services whose keys were given are tried; a key that was not given is no finding. */
export async function checkGivenKeys(
  { runtime, emit }: Session,
  of: {
    opening: CommandInputs;
    answers: Answers;
    wanted: ProbePreferences;
    only: (service: Service) => boolean;
  },
): Promise<KeyCheck> {
  const { opening, answers, wanted, only } = of;
  const { endpoints, http } = opening;
  const { signal } = runtime;
  const given = services.filter(
    (service) => only(service) && requiredAnswers[service].every((name) => answers[name] !== undefined),
  );
  const accepted: Partial<Record<Service, unknown>> = {};
  const findings: Finding[] = [];
  await Promise.all(
    given.map(async (service) => {
      emit({ type: 'check-started', service });
      const probe = await probeService<Service>({
        service,
        answers,
        endpoints,
        preferences: wanted,
        http,
        signal,
      });
      emit(checkDoneEvent(service, probe));
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else findings.push({ code: probe.code, service, message: probe.message, remedy: probe.remedy });
    }),
  );
  return { accepted: accepted as Partial<Credentials>, findings };
}

/** As their checks normalised them, which is how they stand in the Space. */
export function secretsToCompare({ gemini, qdrant, postgres }: Partial<Credentials>): NewSecrets {
  return {
    ...(gemini && { GEMINI_API_KEY: gemini.key }),
    ...(qdrant && { QDRANT_URL: qdrant.url }),
    ...(qdrant?.key && { QDRANT_API_KEY: qdrant.key }),
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
}
