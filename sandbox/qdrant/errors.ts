/** An error with the vendor's status and message; becomes `{"status":{"error":…},"time":…}`. */
export class QdrantApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'QdrantRefusal';
    this.status = status;
  }
}

/** 400 `Wrong input: …`: a valid request that does not fit the collection. */
export const wrongInput = (text: string): QdrantApiError => new QdrantApiError(400, `Wrong input: ${text}`);

/** 400 `Bad request: …`: refused by strict mode or by a rule about requests. */
export const badRequest = (text: string): QdrantApiError => new QdrantApiError(400, `Bad request: ${text}`);

/** 400 `Format error in JSON body: …`: the body could not be parsed as a request. */
export const formatError = (text: string): QdrantApiError =>
  new QdrantApiError(400, `Format error in JSON body: ${text}`);

/** 422 `Validation error in JSON body: …`: parsed, but a value is out of range. */
export const validationError = (text: string): QdrantApiError =>
  new QdrantApiError(422, `Validation error in JSON body: [${text}]`);

export const notFound = (collection: string): QdrantApiError =>
  new QdrantApiError(404, `Not found: Collection \`${collection}\` doesn't exist!`);

export const alreadyExists = (collection: string): QdrantApiError =>
  new QdrantApiError(409, `Wrong input: Collection \`${collection}\` already exists!`);
