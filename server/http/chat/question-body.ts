import { firstText, type RequestFields } from './request-fields.ts';

/** Names of the question in the order of preference, in lower case without `_` and `-`. */
export const questionNames = [
  'message',
  'question',
  'query',
  'userquestion',
  'questiontext',
  'userquery',
  'usermessage',
  'querytext',
  'messagetext',
  'userprompt',
  'userinput',
  'usertext',
  'chatmessage',
  'chatquestion',
  'chatquery',
  'chatinput',
  'chatprompt',
  'chattext',
  'inputmessage',
  'inputquestion',
  'inputquery',
  'inputprompt',
  'inputtext',
  'ask',
  'prompt',
  'content',
  'text',
] as const;

/** A question only alone or beside other fields of a chat: other requests have fields of these names, too. */
export const ambiguousNames = ['input', 'q', 'user'] as const;

const chatNames = new Set(
  [
    'mode contextmode querymode context selectedtext selection selectedcontext highlightedtext pagecontext',
    'conversationid sessionid threadid chatid conversation session thread userid clientid',
    'history conversationhistory chathistory messages previousmessages',
    'topk k limit stream streaming language filters chapter chapterid maxtokens temperature model',
  ].flatMap((names) => names.split(' ')),
);

/** Fields of logins, mails, profiles, ratings and translations. A body that has one of them is never a question. */
const foreignNames = new RegExp(
  [
    'password\\w*|passwd|pwd|newpassword|confirmpassword|currentpassword',
    '(?:user|your|contact|sender|from|reply)?e?mail(?:address)?',
    '(?:access|refresh|id|auth|bearer|csrf|reset|captcha|recaptcha|turnstile)?token',
    'user(?:name)|login|otp|verificationcode|credential|authcode|grant(?:type)?|clientsecret',
    '(?:first|last|full|display|nick)name|phone(?:number)?|avatar\\w*|bio|birthday|dateofbirth',
    'rating|ratings|stars|thumbs|thumb|vote|upvote|downvote|ishelpful|helpful|feedback\\w*|reaction|satisfaction',
    'subject|newsletter|subscribe|consent',
    '(?:target|source|to|from|dest|destination|output)(?:lang|language|locale)|translateto',
    'profile|userprofile|background|userbackground|experiencelevel|skilllevel|softwarebackground|hardwarebackground',
    'filename|filedata|mimetype|contenttype',
  ]
    .map((names) => `^(?:${names})$`)
    .join('|'),
);

/** Whether one of the fields belongs to a login, mail, profile, rating, upload or translation. */
export function hasForeignField(fields: RequestFields): boolean {
  return Array.from(fields.keys()).some((name) => foreignNames.test(name)) || isTranslation(fields);
}

const languageName = /^(?:lang|language|locale|target|to)$/;

/** A bare text beside a language: `{text, language}` asks for a translation, `{message, language}` asks in one. */
function isTranslation(fields: RequestFields): boolean {
  const names = Array.from(fields.keys());
  return (
    names.every((name) => name === 'content' || name === 'text' || languageName.test(name)) &&
    names.some((name) => languageName.test(name))
  );
}

/** The question under any of its names; null if there is none, or it is empty. */
export function questionIn(fields: RequestFields): string | null {
  const text = firstText(fields, questionNames) ?? lastUserMessage(fields.get('messages'));
  if (text !== null) return text;
  const others = (name: string) => Array.from(fields.keys()).filter((other) => other !== name);
  const isChat = (name: string) =>
    others(name).length === 0 || others(name).some((other) => chatNames.has(other));
  return firstText(
    fields,
    ambiguousNames.filter((name) => isChat(name)),
  );
}

/** Whether the body has a field of a question, even an empty or invalid one. */
export function hasQuestionField(fields: RequestFields): boolean {
  return questionNames.some((name) => fields.has(name)) || questionIn(fields) !== null;
}

/** The field that has the question but no text: its type is wrong. */
export function wrongTypedQuestion(fields: RequestFields): string | null {
  return questionNames.find((name) => fields.has(name) && typeof fields.get(name) !== 'string') ?? null;
}

/** Lists of parts in lists of parts; no client nests them deeper. */
const deepestParts = 8;

/** Entries are `{role, content}`; `content` is a text or a list of parts with `text`. */
export function messageText(entry: unknown, depth = 0): string {
  if (typeof entry !== 'object' || entry === null || depth > deepestParts) return '';
  const { content, text, message, parts } = entry as Record<string, unknown>;
  for (const value of [content, text, message, parts]) {
    if (typeof value === 'string') return value;
    if (Array.isArray(value))
      return value.map((part) => (typeof part === 'string' ? part : messageText(part, depth + 1))).join('');
  }
  return '';
}

function lastUserMessage(messages: unknown): string | null {
  if (!Array.isArray(messages)) return null;
  const lastEntry: unknown = messages.findLast(
    (entry: unknown) =>
      typeof entry === 'object' &&
      entry !== null &&
      'role' in entry &&
      (entry.role === 'user' || entry.role === 'human'),
  );
  const text = messageText(lastEntry);
  return text.trim() === '' ? null : text;
}

const idName =
  /^(?:\w*id|uid|uuid|fingerprint|device|title|name|metadata|createdat|timestamp|userid|locale|language)$/;

/** Whether the body names only ids: what a chat sends when it opens a session. */
export function hasIdsOnly(fields: RequestFields): boolean {
  return Array.from(fields.keys()).every((name) => idName.test(name));
}
