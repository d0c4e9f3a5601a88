/** Names under which frontends send a question. */
const questionKey =
  /^(?:question|query|message|prompt|ask|(?:user_?|input_?)(?:query|message|question|input|prompt)|query_?text|messages)$/i;

const personalKey =
  /^(?:email|password|username|token|rating|feedback|subject|target_?language|first_?name|last_?name|phone)$/i;

/** Whether a body holds a question, and nothing of a login, a mail or a rating. */
export function asksQuestion(keys: readonly string[]): boolean {
  return keys.some((key) => questionKey.test(key)) && !keys.some((key) => personalKey.test(key));
}
