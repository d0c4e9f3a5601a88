import type { FastifyReply } from 'fastify';

/** An error response: a status, a code for programs, and a sentence that may be shown to the user. */
export class HttpProblem extends Error {
  override readonly name = 'Problem';
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
export const clientClosed = new HttpProblem({
  status: 499,
  code: 'reader-left',
  message: 'The reader left.',
});

/** `detail` is a string, never FastAPI's array: frontends put it into a sentence. */
export function sendProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(problem.retryAfter)));
  return reply.code(problem.status).send({
    detail: problem.message,
    message: problem.message,
    error_code: problem.code,
    request_id: reply.request.id,
  });
}

/** For a path with an invalid percent-encoding, or one that is too long. */
export function unreadableUrl(): HttpProblem {
  return new HttpProblem({ status: 400, code: 'address-unreadable', message: 'The address cannot be read.' });
}

const messagesByStatus: Record<number, string> = {
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'The request took too long to arrive.',
  413: 'The request is too large.',
  415: 'Send the question as JSON.',
};

/** Converts anything thrown to an HttpProblem; a message not meant for users becomes a generic sentence. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const status =
    typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (status === 400)
    return new HttpProblem({ status: 422, code: 'body-unreadable', message: 'The body is not valid JSON.' });
  if (status === 415)
    return new HttpProblem({ status: 422, code: 'body-not-json', message: messagesByStatus[415] ?? '' });
  const message = messagesByStatus[status];
  if (message !== undefined) return new HttpProblem({ status, code: `http-${status}`, message });
  return new HttpProblem({
    status: 500,
    code: 'internal',
    message: 'The server made an error. Please try again.',
  });
}
