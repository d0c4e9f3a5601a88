import type { FastifyReply } from 'fastify';

/** An error response: a status, a code for programs, and a sentence that may be shown to the user. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor({
    status,
    code,
    message,
    retryAfter,
  }: {
    status: number;
    code: string;
    message: string;
    retryAfter?: number;
  }) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The abort reason when the client disconnects; not an error, so it is not logged. */
export const clientClosed = new HttpError({
  status: 499,
  code: 'reader-left',
  message: 'The reader left.',
});

/** For readers, when the platform's allotment is used up. */
export const allotmentUsedUp = new HttpError({
  status: 503,
  code: 'allotment-used',
  message: 'The assistant has answered all the questions that it can for now. Please come back in some days.',
  retryAfter: 86_400,
});

/** `detail` is a string, never FastAPI's array: frontends put it into a sentence. */
export function sendHttpError(reply: FastifyReply, error: HttpError): FastifyReply {
  if (error.retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(error.retryAfter)));
  return reply.code(error.status).send({
    detail: error.message,
    message: error.message,
    error_code: error.code,
    request_id: reply.request.id,
  });
}

/** For a path with an invalid percent-encoding, or one that is too long. */
export function unreadableUrl(): HttpError {
  return new HttpError({ status: 400, code: 'address-unreadable', message: 'The address cannot be read.' });
}

const messagesByStatus: Record<number, string> = {
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'The request took too long to arrive.',
  413: 'The request is too large.',
  415: 'Send the question as JSON.',
};

/** Converts anything thrown to an HttpError; a message not meant for users becomes a generic sentence. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const status =
    typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (status === 400)
    return new HttpError({ status: 422, code: 'body-unreadable', message: 'The body is not valid JSON.' });
  if (status === 415)
    return new HttpError({ status: 422, code: 'body-not-json', message: messagesByStatus[415] ?? '' });
  const message = messagesByStatus[status];
  if (message !== undefined) return new HttpError({ status, code: `http-${status}`, message });
  return new HttpError({
    status: 500,
    code: 'internal',
    message: 'The server made an error. Please try again.',
  });
}
