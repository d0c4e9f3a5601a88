/** A page that is missing in the index because it could not be read. `message` is a reason to print behind its name. */
export class UnreadablePage extends Error {}
