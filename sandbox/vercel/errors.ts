import type { RouteReply } from '../exchange/serve-routes.ts';

/** An error in Vercel's format, `{"error":{"code","message",…}}`. */
export class VercelApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(options: {
    status: number;
    code: string;
    message: string;
    extra?: Readonly<Record<string, unknown>>;
  }) {
    super(options.message);
    this.name = 'VercelRefusal';
    this.status = options.status;
    this.code = options.code;
    this.extra = options.extra ?? {};
  }

  reply(): RouteReply {
    return {
      status: this.status,
      json: { error: { code: this.code, message: this.message, ...this.extra } },
    };
  }
}

/** 403; Vercel answers an invalid token with it, not with 401. */
export const notAuthorized = (extra: Readonly<Record<string, unknown>>): VercelApiError =>
  new VercelApiError({ status: 403, code: 'forbidden', message: 'Not authorized', extra });

export const notFound = (what: string): VercelApiError =>
  new VercelApiError({ status: 404, code: 'not_found', message: `${what} not found` });

export const badRequest = (message: string, extra: Readonly<Record<string, unknown>> = {}): VercelApiError =>
  new VercelApiError({ status: 400, code: 'bad_request', message, extra });
