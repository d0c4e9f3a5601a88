import { getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { allowSlowConnections } from '../../../server/network/allow-slow-connections.ts';

const before = getDefaultAutoSelectFamilyAttemptTimeout();
afterEach(() => setDefaultAutoSelectFamilyAttemptTimeout(before));

it.each([
  [250, 1_500],
  [500, 1_500],
  [5_000, 5_000],
])('an attempt to connect that had %i ms has %i', (initial, wanted) => {
  setDefaultAutoSelectFamilyAttemptTimeout(initial);
  allowSlowConnections();
  expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBe(wanted);
});
