import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { AccountBlock } from './projects-client.ts';
import { Failure } from '../../model/failure.ts';

const service = 'vercel';

/** `{"error":{"code","message","limit":{"reset"}}}`; `reset` in seconds since 1970. */
const limitError = z.looseObject({
  error: z.looseObject({
    message: z.string().nullish(),
    limit: z.looseObject({ reset: z.number().nullish() }).nullish(),
  }),
});

/** Explains why Vercel takes no deployment; any other error is returned unchanged. */
export function explainRefusedDeployment(error: unknown): unknown {
  if (!(error instanceof HttpFailure) || (error.status !== 402 && error.status !== 429)) return error;
  const { message, limit } = limitError.safeParse(error.data).data?.error ?? {};
  const reset = limit?.reset ?? null;
  const when = reset === null ? 'Wait some hours' : `Wait until ${new Date(reset * 1000).toISOString()}`;
  return new Failure({
    code: 'function-limit',
    service,
    message: `Vercel takes no more deployments for now (${error.status}): ${message ?? 'it gives no reason'}.`,
    remedy: `${when}, then run again: everything before it is done.`,
    cause: error,
  });
}

/** Names of projects: https://vercel.com/docs/projects/overview */
export function placeTaken(label: string): Failure {
  return new Failure({
    code: 'space-taken',
    service,
    message: `There is a Vercel project ${label} that this tool did not make; it is left alone.`,
    remedy: 'Choose another name with --hosting-project NAME.',
  });
}

export function mayNotCreate(account: string, cause: HttpFailure): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'space-owner-unknown',
    service,
    message: `This Vercel token may not create a project for ${account} (${cause.status}).`,
    remedy:
      'Make a token with that account’s scope at https://vercel.com/account/settings/tokens, or name another with --hosting-team.',
    cause,
  });
}

/** Its secrets were to be kept, and they exist nowhere else. */
export function placeMissing(label: string): Failure {
  return new Failure({
    code: 'space-missing',
    service,
    message: `The Vercel project ${label} no longer exists, nor do the secrets that it kept.`,
    remedy: 'Run again and set it up from the start.',
  });
}

export function protectedFromReaders(
  url: string,
  settings: string,
): { code: string; message: string; remedy: string } {
  return {
    code: 'function-protected',
    message: `${url} asks its visitors to sign in to Vercel (Deployment Protection): no reader’s browser reaches the server.`,
    remedy: `Switch Vercel Authentication off for production, or to Standard Protection, on ${settings}, then run again.`,
  };
}

export function accountPaused(block: AccountBlock | null): { code: string; message: string; remedy: string } {
  const until = block?.until == null ? '' : ` until ${block.until.toISOString()}`;
  return {
    code: 'function-paused',
    message: `Vercel has paused ${block === null ? 'the project or its account' : `the account (${block.reason})`}${until}: neither the server nor its other sites are served.`,
    remedy:
      block?.until == null
        ? 'Its usage page says why and until when: https://vercel.com/dashboard/usage'
        : 'Wait until then, or take a paid plan: https://vercel.com/dashboard/usage',
  };
}

export function buildEnded(state: string, problem: string, page: string): Failure {
  return new Failure({
    code: 'function-not-deployed',
    service,
    message: `The server’s deployment is ${state}${problem === '' ? '' : `: ${problem}`}.`,
    remedy: `Look at ${page}, then run again.`,
  });
}

export function tooLong(minutes: number, state: string, page: string): Failure {
  return new Failure({
    code: 'function-stuck',
    service,
    message: `The server’s deployment is still ${state} after ${minutes} minutes.`,
    remedy: `Look at ${page}, then run again.`,
  });
}
