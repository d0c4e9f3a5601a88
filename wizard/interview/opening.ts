import { createHttp, type Http } from '../clients/http.ts';
import { answersFrom } from '../intake/environment.ts';
import { foundAnswers } from '../intake/found-answers.ts';
import type { Answers } from '../model/answers.ts';
import { endpointsFrom, type Endpoints } from '../model/endpoints.ts';
import type { Journal } from '../model/journal.ts';
import type { RunContext } from '../steps/context.ts';
import type { Session } from '../model/world.ts';

/** What every command begins with. */
export type Opening = {
  endpoints: Endpoints;
  http: Http;
  /** From flags, variables under their exact names, and `--env-file`. */
  answers: Answers;
  /** Lying about on this machine: only ever proposed to a person. */
  proposals: Answers;
};

/** Throws Failure `env-file` or `insecure-endpoint` (usage). */
export async function openingOf(session: Session): Promise<Opening> {
  const { world, flags, renderer } = session;
  const { env, home, cwd, platform, now } = world;
  const endpoints = endpointsFrom(env);
  const http = createHttp({ fetch: world.fetch, sleep: world.sleep });
  const answers = await answersFrom({ env, flags, ...(flags.envFile && { envFile: flags.envFile }) });
  const mayPropose = renderer.canAsk && !flags.yes && !world.rehearsal;
  const found = mayPropose ? await foundAnswers({ env, home, cwd, platform, now }) : {};
  const proposals = Object.fromEntries(Object.entries(found).filter(([name]) => !(name in answers)));
  return { endpoints, http, answers, proposals };
}

/** The tools of a step, from the world. */
export function toolsOf(
  { world }: Session,
  { http, journal }: { http: Http; journal: Journal },
): Pick<RunContext, 'http' | 'fetch' | 'now' | 'sleep' | 'signal' | 'journal'> {
  const { fetch, now, sleep, signal } = world;
  return { http, fetch, now, sleep, signal, journal };
}
