import { isChatPath } from './chat-path.ts';

/** Names under which frontends send a question, without their `_` and `-`. */
const questionName =
  /^(?:question|query|message|prompt|ask|messages|(?:user|input|chat)(?:query|message|question|input|prompt|text)|(?:query|question|message)text)$/i;

const personalName =
  /^(?:email|password|username|token|rating|feedback|subject|targetlanguage|firstname|lastname|phone)$/i;

/** Names of a question beside other keys of a chat, and alone where the path is a chat's. */
const ambiguousName = /^(?:user|input|q|content|text)$/i;

const chatName =
  /^(?:(?:conversation|session|thread|chat)(?:id|uuid|key)?|\w*history|mode|stream|topk|context|selected\w*|selection)$/i;

/** Whether a body with these keys, sent to a path, holds a question, and nothing of a login, a mail or a rating. */
export function asksQuestion(keys: readonly string[], path: string): boolean {
  const names = keys.map((key) => key.replaceAll(/[_-]/g, ''));
  if (names.some((name) => personalName.test(name))) return false;
  if (names.some((name) => questionName.test(name))) return true;
  const isAlone = names.length === 1 && isChatPath(path);
  return (
    names.some((name) => ambiguousName.test(name)) && (isAlone || names.some((name) => chatName.test(name)))
  );
}
