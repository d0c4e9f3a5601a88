import { wordsOf } from '../../variable-names.ts';

const chatWord =
  /^(?:chat(?!kit)\w*|quer(?:y|ies)|ask|asks|messages?|rag|questions?|answers?|agents?|assistant|bot|completions?)$/;

/** Words of servers that know who a reader is. */
const loginWord =
  /^(?:log(?:in|ins|out|outs)|sign(?:in|ins|up|ups|out|outs)|regist(?:er|ers|ration|rations)|auth|oauth|authenticat\w*|authoriz\w*|passwords?|verify|verification)$/;

/** Words of requests that are no question, whatever else their path says. */
const otherWord =
  /^(?:translat\w*|personali[sz]\w*|feedbacks?|ratings?|contacts?|uploads?|profiles?|onboarding|questionnaires?|surveys?|quiz|quizzes|newsletters?|subscri\w+|preferences?|emails?|ingest\w*|analytics|telemetry|admin)$/;

/** Words that say nothing about what a request is for. */
const neutralWord = /^(?:api|v|stream|index|client|service|services|http|https|www)$/;

/** The words of a path or a name; `sign-in` and `logIn` are one word. */
function joinedWords(text: string): string[] {
  const words = wordsOf(text);
  return words.flatMap((word, index) => {
    const next = words[index + 1] ?? '';
    return /^(?:sign|log)$/.test(word) && /^(?:in|up|out)$/.test(next) ? [word + next] : [word];
  });
}

/** Whether a path or a name has a word of logins, translations, feedback and the like: it is never the chat's. */
export function isNeverChat(text: string): boolean {
  return joinedWords(text).some((word) => loginWord.test(word) || otherWord.test(word));
}

/** Whether a path looks like that of a chat request, by its whole words. */
export function isChatPath(path: string): boolean {
  return !isNeverChat(path) && joinedWords(path).some((word) => chatWord.test(word));
}

/** Whether a path says nothing about what is asked: `''`, `/api`, `/api/v1`. */
export function isNeutralPath(path: string): boolean {
  return joinedWords(path).every((word) => neutralWord.test(word));
}

/** DocSearch, which every Docusaurus site may have, asks a chat of its vendor. */
const searchHost = /(?:^|\.)(?:algolia|algolianet)\.(?:com|net)$/;

/** Whether a name or the host of a URL is that of a login server, or of another one that answers no chat. */
export function isOtherServer(name: string): boolean {
  if (!/^https?:/.test(name)) return isNeverChat(name);
  const host = name.replace(/^https?:\/\/([^/]*).*$/, '$1');
  if (searchHost.test(host)) return true;
  const words = joinedWords(host);
  return (
    isNeverChat(name.slice(name.indexOf(host) + host.length)) ||
    (words.some((word) => loginWord.test(word)) && !words.some((word) => chatWord.test(word)))
  );
}

/** Whether a chat opens a session there before it asks, which the server answers: `/session`, `/chat/start`. */
export function isSessionPath(path: string): boolean {
  return !isNeverChat(path) && sessionEnd.test(joinedWords(path).join(' '));
}

const sessionEnd =
  /(?:^| )(?:sessions?|token|(?:chat|chatbot|conversations?|sessions?|threads?) (?:start|new|create|init|begin|open))$/;

/** Whether a path is one that the server answers beside the chat: its health, sessions and conversations. */
export function isAnsweredPath(path: string): boolean {
  const words = joinedWords(path).filter((word) => !neutralWord.test(word));
  const isAnswered = isSessionPath(path) || words.every((word) => answeredWord.test(word));
  return !isNeverChat(path) && words.length > 0 && isAnswered;
}

const answeredWord = /^(?:health\w*|ready|warm|ping|status|sessions?|conversations?|history|null)$/;
