/** An error with the vendor's status and message; becomes `{"status":{"error":…},"time":…}`. */
export class QdrantApiError extends Error {
  readonly status: number;
  /** Seconds, for the `retry-after` header. */
  readonly retryAfter: number | null;

  constructor(status: number, message: string, retryAfter: number | null = null) {
    super(message);
    this.name = 'QdrantApiError';
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** 400 `Wrong input: …`: a valid request that does not fit the collection. */
export const wrongInput = (text: string): QdrantApiError => new QdrantApiError(400, `Wrong input: ${text}`);

/** 400 `Bad request: …`: refused by a rule about requests. */
export const badRequest = (text: string): QdrantApiError => new QdrantApiError(400, `Bad request: ${text}`);

/** 400 by strict mode, with what helps. */
export const strictModeError = (text: string, help: string): QdrantApiError =>
  badRequest(`${text}. Help: ${help}`);

/** 400 `Format error in JSON body: …`: the body could not be parsed as a request. */
export const formatError = (text: string): QdrantApiError =>
  new QdrantApiError(400, `Format error in JSON body: ${text}`);

/** 422 `Validation error in JSON body: …`: parsed, but a value is out of range. */
export const validationError = (text: string, where = 'JSON body'): QdrantApiError =>
  new QdrantApiError(422, `Validation error in ${where}: [${text}]`);

/** 403: the key is known and may not do this. */
export const forbidden = (text: string): QdrantApiError => new QdrantApiError(403, `Forbidden: ${text}`);

export const notFound = (collection: string): QdrantApiError =>
  new QdrantApiError(404, `Not found: Collection \`${collection}\` doesn't exist!`);

export const pointNotFound = (id: string | number): QdrantApiError =>
  new QdrantApiError(404, `Not found: No point with id ${id} found`);

export const alreadyExists = (collection: string): QdrantApiError =>
  new QdrantApiError(409, `Wrong input: Collection \`${collection}\` already exists!`);
