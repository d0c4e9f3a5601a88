import * as z from 'zod';
import { Failure } from '../model/failure.ts';
import { HttpFailure } from './http-failure.ts';

/** `{"error":{"code","message","saml","scope"}}`; the vendor's CLI also takes `err`, and a bare object. */
const errorBody = z.looseObject({
  code: z.string().nullish(),
  message: z.string().nullish(),
  saml: z.boolean().nullish(),
  scope: z.string().nullish(),
});
const errorResponse = z.looseObject({ error: errorBody.optional(), err: errorBody.optional() });
export type VercelErrorBody = z.infer<typeof errorBody>;

const tokenPage = 'https://vercel.com/account/settings/tokens';
const settingsPage = 'the project’s environment variables (Settings, Environment Variables)';

/** Explains errors of any call where Vercel's own sentence does not say what to do; returns others unchanged. */
export function explainVercelError(error: unknown, what: string): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const { code, saml, scope } = errorBodyOf(error);
  if (saml === true) {
    return vercelFailure(error, {
      code: 'vercel-sso',
      message: `The Vercel team${scope == null ? '' : ` ${scope}`} requires single sign-on (SSO), while ${what}.`,
      remedy: `Sign in to that team at https://vercel.com, make a new token for it at ${tokenPage}, and run again with that.`,
    });
  }
  if (/^(?:challenge_required|user_auth_required)/.test(code ?? '')) {
    return vercelFailure(error, {
      code: 'vercel-challenge',
      message: `Vercel needs you to sign in again, while ${what}.`,
      remedy: `Sign in at https://vercel.com, make a new token at ${tokenPage}, and run again with that.`,
    });
  }
  return error;
}

/** The same for writing a variable. */
export function explainVariableError(error: unknown, key: string): unknown {
  if (!(error instanceof HttpFailure) || error.kind !== 'failed') return error;
  const body = errorBodyOf(error);
  if (isConflict(body)) return variableRejected(key, body, error);
  if (error.status === 403) {
    return vercelFailure(error, {
      code: 'vercel-read-only',
      message: `This Vercel token may not write the project’s variable ${key} (403)${quoted(body)}.`,
      remedy: `Ask an owner of the team for a role that may change the project, or make a token with its scope at ${tokenPage}; then run again.`,
    });
  }
  if (error.status === 409) {
    return vercelFailure(error, {
      code: 'vercel-in-transfer',
      message: `Vercel does not take the variable ${key} while the project is being moved to another team (409)${quoted(body)}.`,
      remedy: 'Run again when the move is over.',
    });
  }
  return error;
}

/** Someone else is changing the project's variables at this moment. */
export function isConcurrentUpdate(error: unknown): boolean {
  return error instanceof HttpFailure && error.status === 400 && /ongoing update/i.test(error.bodyText);
}

/** A team may accept sensitive variables only. */
export function requiresSensitive(error: unknown): boolean {
  return error instanceof HttpFailure && error.status === 400 && /sensitive/i.test(error.bodyText);
}

/** For a refusal, or a 201 whose body reports one. */
export function variableRejected(key: string, body: VercelErrorBody, cause?: unknown): Failure {
  const { code, message } = body;
  const detail = [code, message].filter((part) => part != null && part !== '').join(': ');
  const others = 'for other environments or a branch';
  return new Failure({
    code: 'frontend-variable-refused',
    service: 'vercel',
    message: isConflict(body)
      ? `Vercel did not take the variable ${key}: one of that name is there already, ${others} (${detail}).`
      : `Vercel did not take the variable ${key}: ${detail || 'it gave no reason'}.`,
    remedy: `Look at ${settingsPage} on Vercel; remove the ${key} that is in the way, then run again.`,
    cause,
  });
}

function isConflict({ code }: VercelErrorBody): boolean {
  return code === 'ENV_CONFLICT' || code === 'ENV_ALREADY_EXISTS';
}

function errorBodyOf({ data }: HttpFailure): VercelErrorBody {
  const { error, err } = errorResponse.safeParse(data).data ?? {};
  return error ?? err ?? errorBody.safeParse(data).data ?? {};
}

const quoted = ({ message }: VercelErrorBody): string =>
  message == null || message === '' ? '' : `: ${message}`;

function vercelFailure(
  cause: HttpFailure,
  { code, message, remedy }: { code: string; message: string; remedy: string },
): Failure {
  return new Failure({ code, service: 'vercel', message, remedy, cause });
}
