import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import { services, type Service } from '../model/service.ts';
import { checkDone, checkService, type Wanted } from '../run/validate.ts';
import type { NewSecrets } from '../steps/rotate-secrets.ts';
import type { Finding } from './finding.ts';
import { needs } from '../interview/needs.ts';
import type { Opening } from '../interview/opening.ts';
import type { Session } from '../model/world.ts';

type Tried = { accepted: Partial<Credentials>; findings: Finding[] };

/** Those of the services whose keys were given are tried; a key that was not given is no finding. */
export async function tryKeys(
  { world, emit }: Session,
  of: { opening: Opening; answers: Answers; wanted: Wanted; only: (service: Service) => boolean },
): Promise<Tried> {
  const { opening, answers, wanted, only } = of;
  const { endpoints, http } = opening;
  const { signal } = world;
  const given = services.filter(
    (service) => only(service) && needs[service].every((name) => answers[name] !== undefined),
  );
  const accepted: Partial<Record<Service, unknown>> = {};
  const findings: Finding[] = [];
  await Promise.all(
    given.map(async (service) => {
      emit({ type: 'check-started', service });
      const probe = await checkService<Service>({ service, answers, endpoints, wanted, http, signal });
      emit(checkDone(service, probe));
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else findings.push({ code: probe.code, service, message: probe.message, remedy: probe.remedy });
    }),
  );
  return { accepted: accepted as Partial<Credentials>, findings };
}

/** As their checks normalised them, which is how they stand in the Space. */
export function secretsOf({ gemini, qdrant, postgres }: Partial<Credentials>): NewSecrets {
  return {
    ...(gemini && { GEMINI_API_KEY: gemini.key }),
    ...(qdrant && { QDRANT_URL: qdrant.url }),
    ...(qdrant?.key && { QDRANT_API_KEY: qdrant.key }),
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
}
