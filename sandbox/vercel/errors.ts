import type { RouteReply } from '../exchange/serve-routes.ts';

/** A refusal in Vercel's form, `{"error":{"code","message",…}}`. */
export class VercelApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(given: {
    status: number;
    code: string;
    message: string;
    extra?: Readonly<Record<string, unknown>>;
  }) {
    super(given.message);
    this.name = 'VercelRefusal';
    this.status = given.status;
    this.code = given.code;
    this.extra = given.extra ?? {};
  }

  reply(): RouteReply {
    return {
      status: this.status,
      json: { error: { code: this.code, message: this.message, ...this.extra } },
    };
  }
}

/** An invalid token is 403 here, not 401. */
export const notAuthorized = (extra: Readonly<Record<string, unknown>>): VercelApiError =>
  new VercelApiError({ status: 403, code: 'forbidden', message: 'Not authorized', extra });

export const notFound = (what: string): VercelApiError =>
  new VercelApiError({ status: 404, code: 'not_found', message: `${what} not found` });

export const badRequest = (message: string, extra: Readonly<Record<string, unknown>> = {}): VercelApiError =>
  new VercelApiError({ status: 400, code: 'bad_request', message, extra });
