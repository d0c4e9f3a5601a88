/** Names under which frontends send a question, without their `_` and `-`. */
const questionName =
  /^(?:question|query|message|prompt|ask|messages|(?:user|input|chat)(?:query|message|question|input|prompt|text)|(?:query|question|message)text)$/i;

const personalName =
  /^(?:email|password|username|token|rating|feedback|subject|targetlanguage|firstname|lastname|phone)$/i;

/** Whether a body with these keys holds a question, and nothing of a login, a mail or a rating. */
export function asksQuestion(keys: readonly string[]): boolean {
  const names = keys.map((key) => key.replaceAll(/[_-]/g, ''));
  return names.some((name) => questionName.test(name)) && !names.some((name) => personalName.test(name));
}
