import { describe, expect, test } from 'vitest';
import {
  isQuestionPath,
  isSessionPath,
  isStreamPath,
  pathWords,
} from '../../../../server/http/chat/question-path.ts';

test.each([
  ['/api/v1/chatStream', ['api', 'v1', 'chat', 'stream']],
  ['/api/chat-message_send.json?x=login', ['api', 'chat', 'message', 'send', 'json']],
  ['/API/RAGQuery/', ['api', 'rag', 'query']],
  ['/%6Cogin', ['login']],
  ['/%zz/chat', ['%zz', 'chat']],
])('the words of %s', (path, words) => {
  expect(pathWords(path)).toEqual(words);
});

describe('a question may be asked at', () => {
  test.each([
    '/chat',
    '/api/author',
    '/api/authors/chat',
    '/api/query',
    '/agent',
    '/catalogue',
    '/api/logistics',
    '/',
  ])('%s', (path) => expect(isQuestionPath(path)).toBe(true));
});

describe('no question is asked at', () => {
  test.each([
    '/login',
    '/api/sign-in',
    '/api/signUp',
    '/auth/token',
    '/api/v1/oauth2/callback',
    '/api/translate-chapter',
    '/api/chat/translation',
    '/personalized',
    '/api/personalise',
    '/api/chat/feedback',
    '/contact-us',
    '/api/fileUpload',
    '/registration',
    '/newsletter.subscribe',
    '/api/rating',
    '/LOGIN',
  ])('%s', (path) => expect(isQuestionPath(path)).toBe(false));
});

test('a session is opened at its own paths, never at those of a login', () => {
  const opening = [
    '/api/sessions',
    '/session',
    '/api/chat/token',
    '/chat/start',
    '/api/v1/session/new',
    '/start-session',
    '/conversations/create',
  ];
  expect(opening.filter(isSessionPath)).toEqual(opening);
  const others = ['/auth/session', '/oauth/token', '/api/sessions/7', '/api/chat', '/start', '/quiz/start'];
  expect(others.filter(isSessionPath)).toEqual([]);
});

test('a path that ends in stream streams', () => {
  expect(['/api/chat/stream', '/chat-stream', '/chatStream/'].filter(isStreamPath)).toHaveLength(3);
  expect(['/stream/chat', '/api/streams', '/upstream'].filter(isStreamPath)).toEqual([]);
});
