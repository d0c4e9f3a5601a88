import { describe, expect, it } from 'vitest';
import { isChatPath } from '../../../../../wizard/frontend/detect-api-url/chat/chat-path.ts';

describe('a chat request, by the whole words of its path', () => {
  it.each([
    '/chat',
    '/ask',
    '/api/v1/chat',
    '/api/chat/query',
    '/query/selection',
    '/api/rag/query',
    '/agent',
    '/api/chat/stream',
    '/chatbot',
    '/askQuestion',
    '/api/author/ask',
    '/v1/rag-agent/query',
  ])('%s is one', (path) => expect(isChatPath(path)).toBe(true));

  it.each([
    '/questionnaire',
    '/api/onboarding-questionnaire/questions',
    '/messages/contact',
    '/tasks',
    '/storage',
    '/api/fragments',
    '/api/auth/chat',
    '/chat/login',
    '/sign-in/message',
    '/signUp/query',
    '/api/translate-chapter/ask',
    '/personalize/query',
    '/personalisation/chat',
    '/chat/feedback',
    '/rag/upload',
    '/health',
  ])('%s is none', (path) => expect(isChatPath(path)).toBe(false));
});
