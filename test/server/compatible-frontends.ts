/**
 * Frontends of similar servers, re-implemented from their source: what each sends, and what it does with
 * the answer. Each `read` throws where the widget would crash or show nothing.
 */
export type FrontendAnswer = { text: string; links: string[] };
export type CompatibleFrontend = {
  /** What distinguishes it from the others. */
  reads: string;
  path: string;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
  read: (body: Record<string, unknown>) => FrontendAnswer;
};

/** A text node: an object in it would crash the page. */
function shownText(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`Nothing to show: ${String(value)}`);
  return value;
}

const list = (value: unknown): unknown[] => {
  if (!Array.isArray(value)) throw new TypeError('No list to map over.');
  return value;
};

/** Sources as objects, of which these keys are rendered. */
const objects =
  (answer: string, sources: string, keys: readonly string[], link: string) =>
  (body: Record<string, unknown>): FrontendAnswer => ({
    text: shownText(body[answer]),
    links: list(body[sources]).map((value) => {
      const source = value as Record<string, unknown>;
      for (const key of keys) if (typeof source[key] !== 'number') shownText(source[key]);
      return shownText(source[link]);
    }),
  });

/** Sources as plain strings, used as a link or split. */
const strings =
  (answer: string, sources: string) =>
  (body: Record<string, unknown>): FrontendAnswer => ({
    text: shownText(body[answer]),
    links: list(body[sources]).map((source) => shownText((source as string).split('/').join('/'))),
  });

const question = 'How far does a small lidar measure?';
const passage = 'A lidar measures distance with pulses of light.';

export const compatibleFrontends: readonly CompatibleFrontend[] = [
  {
    reads: 'answer, and source addresses straight into links',
    path: '/api/chat',
    body: { question },
    headers: { 'x-request-id': 'r-1' },
    read: strings('answer', 'sources'),
  },
  {
    reads: 'the same on its own route, taking each source apart, with an empty marked text',
    path: '/chat',
    body: { question, selected_text: '' },
    read: strings('answer', 'sources'),
  },
  {
    reads: 'citations as objects, with a label as context',
    path: '/api/v1/chat/query',
    body: { query: question, context: '' },
    read: objects('answer', 'citations', ['chapter', 'chapter_title', 'section'], 'url'),
  },
  {
    reads: 'citations with a score, asking for as many as it wants',
    path: '/api/chat/query',
    body: { query: question, k: 3, filters: { chapter: 'lidar' } },
    read: objects('response', 'citations', ['title', 'score', 'content_preview'], 'page_url'),
  },
  {
    reads: 'sources with path and score',
    path: '/query',
    body: { query: question, top_k: 5, chapter_id: null },
    read: objects('answer', 'sources', ['title', 'section', 'file_path', 'score'], 'url'),
  },
  {
    reads: 'citations drawn as they are, sending its question twice',
    path: '/api/chat',
    body: { message: question, query: question, mode: 'full_text', retrieval_mode: 'hybrid' },
    read: strings('answer', 'citations'),
  },
  {
    reads: 'citations linked by their fragment, asked for by scope',
    path: '/api/chat',
    body: { query: question, scope: 'global' },
    read: objects('answer', 'citations', ['chunk_id', 'chapter_title', 'section_title'], 'url_fragment'),
  },
  {
    reads: 'responseText, asked with queryText',
    path: '/chatbot/query',
    body: { queryText: question, context: { currentPageUrl: '/' } },
    read: objects('responseText', 'sources', ['source_id'], 'url'),
  },
  {
    reads: 'titles alone',
    path: '/api/chat',
    body: { message: question, session_id: 'session-1712' },
    read: objects('response', 'sources', ['title'], 'url'),
  },
  {
    reads: 'a preview of each source, with a flag as context',
    path: '/api/chat/message',
    body: { message: question, context: 'general', selected_text: null },
    read: objects('answer', 'sources', ['title', 'content_preview'], 'url'),
  },
  {
    reads: 'the chapter of each source and an excerpt, for a page',
    path: '/api/v1/chat/query',
    body: { question, session_id: 'session-1713', page_context: '/' },
    read: objects('answer', 'sources', ['id', 'chapter', 'section', 'content_excerpt'], 'url'),
  },
  {
    reads: 'the chapter’s title and module of each source',
    path: '/chat',
    body: { query: question, sessionId: 'session-1714', context: null },
    read: objects('response', 'sources', ['chapterTitle', 'module'], 'url'),
  },
  {
    reads: 'chunks with their similarity, keeping its own history',
    path: '/chat',
    body: { message: question, stream: false, history: [{ role: 'user', content: 'Hello' }] },
    read: objects('answer', 'sources', ['chapter', 'section', 'chunk_text', 'similarity_score'], 'page_url'),
  },
  {
    reads: 'answer or content, by a session of its own in a header',
    path: '/chat/run',
    body: { question, stream: false, context: { selectedText: '' } },
    headers: { 'x-anonymous-session-id': 'anon-7' },
    read: objects('answer', 'sources', ['title'], 'url'),
  },
  {
    reads: 'reply, with JSON alone accepted',
    path: '/api/ask',
    body: { message: question, context: 'AI Robotics Book' },
    headers: { accept: 'application/json' },
    read: objects('reply', 'sources', ['heading'], 'file'),
  },
  {
    reads: 'response_text, with its own word for the whole book',
    path: '/api/query',
    body: { query: question, mode: 'full', session_id: 'sess_1' },
    read: objects('response_text', 'sources', ['title'], 'path'),
  },
  {
    reads: 'answer_text, with a marked text as bare context',
    path: '/ask',
    body: { question, context: passage },
    read: (body) => ({ text: shownText(body['answer_text']), links: list(body['sources']).map(shownText) }),
  },
  {
    reads: 'answer, with a history under another name',
    path: '/api/v1/chat',
    body: { query: question, conversation_history: [{ role: 'assistant', content: 'Hello.' }] },
    read: objects('answer', 'sources', ['title', 'section'], 'url'),
  },
  {
    reads: 'responseText, and links each of its sourceReferences',
    path: '/chatbot/query',
    body: { queryText: question },
    read: strings('responseText', 'sourceReferences'),
  },
  {
    reads: 'the retrieved chunks with their score to two places',
    path: '/rag/query',
    body: { question, top_k: 3 },
    read: (body) => ({
      text: shownText(body['answer']),
      links: list(body['retrieved_chunks']).map((value) => {
        const chunk = value as { score: number; text: string; url: string };
        shownText(chunk.score.toFixed(2) + chunk.text.slice(0, 200));
        return shownText(chunk.url);
      }),
    }),
  },
];
