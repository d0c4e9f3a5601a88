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
