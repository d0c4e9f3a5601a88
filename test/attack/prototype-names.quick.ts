/** Names of every object's prototype, in each place where a text is looked up in a table. */
import { expect, test } from 'vitest';
import { createLinkFilter } from '../../server/links/link-filter.ts';
import { localiseRefusal } from '../../server/chat/localise-refusal.ts';
import { errorMessageForCode } from '../../server/chat/error-messages.ts';
import { tokenise } from '../../server/collection/tokenise.ts';
import { parseChatRequest, requestLimits } from '../../server/http/chat/chat-request.ts';

const names = [...Object.getOwnPropertyNames(Object.prototype), 'prototype'];

test.each(names)('%s is ordinary text', (name) => {
  const text = `It is &${name}; and ${name} //evil.example/${name}`;
  const filter = createLinkFilter({ isAllowed: () => false });
  const out = filter.push(text) + filter.end();
  expect(out).toContain(`&${name}; and ${name} `);
  expect(out).not.toContain('native code');
  expect(typeof errorMessageForCode(name).message).toBe('string');
  expect(localiseRefusal(name)).toMatch(/^I couldn't find/);
  expect(tokenise(name).every((term) => typeof term === 'string')).toBe(true);
  const body: unknown = JSON.parse(
    `{"message":"${name}","mode":"${name}","${name}":"x","session_id":"${name}"}`,
  );
  const { question, session } = parseChatRequest({ body, headers: {}, limits: requestLimits });
  expect([question.message, question.mode, question.selection, session]).toEqual([
    name,
    'general',
    null,
    name,
  ]);
});
