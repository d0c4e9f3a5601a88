/** The top-level fields of a body, by their names in lower case without `_` and `-`: `userQuery` and `user_query` are one. */
export type RequestFields = ReadonlyMap<string, unknown>;

/** Of more fields, the first are read: no client sends as many. */
const mostFields = 500;

/** Absent and `null` fields are left out; of two spellings of one name the first counts. */
export function fieldsOf(body: unknown): RequestFields {
  const fields = new Map<string, unknown>();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return fields;
  for (const name of Object.keys(body).slice(0, mostFields)) {
    const value: unknown = Reflect.get(body, name);
    const key = normaliseName(name);
    if (value !== null && value !== undefined && !fields.has(key)) fields.set(key, value);
  }
  return fields;
}

/** `chat_history`, `chatHistory` and `chat-history` become `chathistory`. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** The first of the fields that is a text with something in it. */
export function firstText(fields: RequestFields, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return null;
}
