import { createHttp, type Http } from '../clients/http.ts';
import { answersFrom } from '../paste/environment.ts';
import { detectAnswers } from '../paste/detected-answers.ts';
import type { Answers } from '../model/answers.ts';
import { endpointsFrom, type Endpoints } from '../model/formats/endpoints.ts';
import type { Journal } from '../model/run/journal.ts';
import type { RunTools } from './context.ts';
import { RemoteState } from './remote-state.ts';
import type { Session } from '../model/runtime.ts';

/** What every command starts with. */
export type CommandInputs = {
  endpoints: Endpoints;
  http: Http;
  /** From flags, variables under their exact names, and `--env-file`. */
  answers: Answers;
  /** Detected on this machine: proposed to the user, never used without a question. */
  proposals: Answers;
};

/** Throws Failure `env-file` or `insecure-endpoint` (usage). */
export async function readCommandInputs(session: Session): Promise<CommandInputs> {
  const { runtime, flags, renderer } = session;
  const { env, home, cwd, platform, now } = runtime;
  const endpoints = endpointsFrom(env);
  const http = createHttp({ fetch: runtime.fetch, sleep: runtime.sleep });
  const { fromProjectFile } = runtime;
  const answers = await answersFrom({
    env,
    flags,
    ...(flags.envFile && { envFile: flags.envFile }),
    ...(fromProjectFile && { fromProjectFile }),
  });
  const mayPropose = renderer.canAsk && !flags.yes && !runtime.rehearsal;
  const detected = mayPropose ? await detectAnswers({ env, home, cwd, platform, now }) : {};
  const proposals = Object.fromEntries(Object.entries(detected).filter(([name]) => !(name in answers)));
  return { endpoints, http, answers, proposals };
}

/** The tools of a step, from the runtime; nothing has been read with them yet. */
export function createRunTools(
  { runtime }: Session,
  { http, journal }: { http: Http; journal: Journal },
): RunTools {
  const { fetch, now, sleep, signal } = runtime;
  return { http, fetch, now, sleep, signal, journal, state: new RemoteState() };
}
