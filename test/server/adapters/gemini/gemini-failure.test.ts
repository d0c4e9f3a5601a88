import { expect, it } from 'vitest';
import { geminiFailure } from '../../../../server/adapters/gemini/gemini-failure.ts';

const perDay = [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] }];

it.each([
  ['gemini-quota-day', 'Quota exceeded for metric: requests, limit: 20, model: gemini-3.8-flash', perDay],
  ['gemini-no-quota', 'Quota exceeded for metric: requests, limit: 0, model: gemini-3.8-flash', perDay],
  ['gemini-no-credits', 'Your prepayment credits are depleted. Please go to AI Studio.', []],
  ['gemini-quota-minute', 'Resource has been exhausted (e.g. check quota).', []],
])('a 429 is %s when Gemini says: %s', (code, message, details) => {
  const failure = geminiFailure({ status: 429, message, details }, { model: 'gemini-3.8-flash' });
  expect(failure.code).toBe(code);
  // Waiting helps only where a quota refills.
  expect(/^wait/i.test(failure.remedy)).toBe(code.startsWith('gemini-quota'));
});

it.each([
  ['gemini-project-suspended', 403, "Permission denied: Consumer 'projects/1' has been suspended."],
  ['gemini-project-suspended', 403, 'Your project has been denied access. Please contact support.'],
  ['gemini-key-restricted', 403, 'Requests from referer <empty> are blocked.'],
  ['gemini-key-restricted', 403, 'Requests to this API generativelanguage.googleapis.com are blocked.'],
  ['gemini-location', 400, 'User location is not supported for the API use.'],
  ['gemini-overloaded', 503, 'The model is overloaded. Please try again later.'],
  ['gemini-key-rejected', 403, 'The caller does not have permission'],
  ['gemini-unavailable', 503, 'Internal error encountered.'],
])('an error is %s, not another, when Gemini says: %s %s', (code, status, message) => {
  const failure = geminiFailure({ status, message, details: [] }, { model: 'gemini-3.8-flash' });
  expect(failure.code).toBe(code);
});
