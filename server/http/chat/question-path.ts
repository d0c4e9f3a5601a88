/** Words of paths that belong to other servers: logins, profiles, translations, ratings, mail, uploads. */
const foreignWords = new RegExp(
  [
    'log(?:in|out)s?',
    'sign(?:in|up|out)s?',
    'regist(?:er|ers|ered|ering|ration|rations)',
    'o?auth\\d*',
    'authenticat(?:e|es|ed|ing|ion|or)',
    'authori[sz](?:e|es|ed|ing|ation)',
    'translat(?:e|es|ed|ing|ion|ions|or|ors)',
    'personali[sz](?:e|es|ed|ing|er|ation|ations)',
    'feedbacks?',
    'contacts?',
    'upload(?:s|ed|er|ers|ing)?',
    'subscri(?:be|bes|bed|ber|bers|bing|ption|ptions)',
    'newsletters?',
    'passwords?',
    'profiles?',
    'ratings?',
    'rate[sd]?',
    'votes?',
    'e?mails?',
  ]
    .map((word) => `^${word}$`)
    .join('|'),
);
/** Two words that are one when written apart: `sign-in`, `logOut`. */
const splitWords = /(?:^| )(?:log (?:in|out)|sign (?:in|up|out)|e mails?)(?: |$)/;

/** A path's words in lower case, split at `/`, `-`, `_`, `.` and capitals: `/api/v1/chatStream` has `api v1 chat stream`. */
export function pathWords(path: string): string[] {
  const [pathname = ''] = path.split(/[?#]/);
  return decodePath(pathname)
    .replaceAll(/([a-z\d])(?=[A-Z])/g, '$1 ')
    .replaceAll(/([A-Z])(?=[A-Z][a-z])/g, '$1 ')
    .toLowerCase()
    .split(/[\s/_.~+-]+/)
    .filter((word) => word !== '');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether a request at this path may be a question. Decides by whole words: `/api/author` may, `/api/translate-chapter` not. */
export function isQuestionPath(path: string): boolean {
  const words = pathWords(path);
  return !words.some((word) => foreignWords.test(word)) && !splitWords.test(words.join(' '));
}

/** `/api/chat/stream`: the client reads a stream. */
export function isStreamPath(path: string): boolean {
  return pathWords(path).at(-1) === 'stream';
}

/** Where a chat opens a session before it asks: `…/session`, `…/sessions`, `…/token`, `/chat/start`, `/session/new`. */
export function isSessionPath(path: string): boolean {
  return isQuestionPath(path) && sessionEnd.test(pathWords(path).join(' '));
}

const sessionEnd =
  /(?:^| )(?:sessions?|token|(?:chat|chatbot|conversations?|sessions?|threads?) (?:start|new|create|init|begin|open))$/;
