import type { Http } from '../clients/http.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials, FreePlanAlternatives, Probe } from '../model/credential.ts';
import type { RunEvent } from '../model/run/event.ts';
import { services, type Service } from '../model/service.ts';
import type { Endpoints } from '../model/formats/endpoints.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import { checkDoneEvent, probeService, type ProbePreferences } from '../probes/run-probes.ts';

export type CheckFailure = {
  service: Service;
  verdict: 'rejected' | 'unreachable';
  code: string;
  message: string;
  remedy: string;
  /** Of a plan that makes no Docker Spaces. */
  alternatives?: FreePlanAlternatives;
};

/** The live checks of an interactive run: each runs while the next question is on screen. */
export type Checks = {
  start(service: Service, answers: Answers): void;
  /** Forgets a check whose answer was taken back; its late verdict is ignored. */
  forget(service: Service): void;
  /** Whether it was started, with these very answers: a paste may have brought others since. */
  isOf(service: Service, answers: Answers): boolean;
  settled(services: readonly Service[]): Promise<void>;
  failures(): readonly CheckFailure[];
  /** Throws when a service has not been accepted. */
  credential<S extends Service>(service: S): Credentials[S];
};

export function createChecks(options: {
  endpoints: Endpoints;
  wanted: ProbePreferences;
  http: Http;
  emit: (event: RunEvent) => void;
  signal: AbortSignal;
}): Checks {
  const running = new Map<Service, Promise<void>>();
  const tried = new Map<Service, readonly unknown[]>();
  const valuesOf = (service: Service, answers: Answers): unknown[] =>
    requiredAnswers[service].map((name) => answers[name]?.value);
  const verdicts = new Map<Service, Probe<Credentials[Service]>>();

  const start = (service: Service, answers: Answers): void => {
    options.emit({ type: 'check-started', service });
    const run = probeService({ ...options, service, answers }).then((probe) => {
      if (running.get(service) !== run) return;
      verdicts.set(service, probe);
      options.emit(checkDoneEvent(service, probe));
    });
    // A cancelled run rejects here while nobody waits; whoever waits in settled() hears it.
    run.catch(() => undefined);
    running.set(service, run);
    tried.set(service, valuesOf(service, answers));
    verdicts.delete(service);
  };

  return {
    start,
    forget: (service) => {
      running.delete(service);
      verdicts.delete(service);
    },
    isOf: (service, answers) =>
      running.has(service) &&
      valuesOf(service, answers).every((value, index) => value === tried.get(service)?.[index]),
    settled: async (wanted) => {
      await Promise.all(wanted.map((service) => running.get(service)));
    },
    failures: () =>
      services.flatMap((service) => {
        const probe = verdicts.get(service);
        if (probe === undefined || probe.verdict === 'accepted') return [];
        return [{ service, ...probe }];
      }),
    credential: <S extends Service>(service: S): Credentials[S] => {
      const probe = verdicts.get(service);
      if (probe?.verdict !== 'accepted') throw new Error(`${service} has not been accepted`);
      return probe.credential as Credentials[S];
    },
  };
}
