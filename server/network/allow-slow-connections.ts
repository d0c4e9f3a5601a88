import { getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';

/** One lost packet is sent again after a second (RFC 6298), and a distant host answers in a third of one. */
const longestAttemptMs = 1_500;

/**
 * Gives each attempt to connect the time that a distant or busy host needs. Where a name has several addresses, Node
 * gives an attempt up after 250 ms, and every attempt of a slow network fails with it (nodejs/node#54359; 500 ms from 25.2
 * on). A longer time that was set with `--network-family-autoselection-attempt-timeout` stays.
 */
export function allowSlowConnections(): void {
  if (getDefaultAutoSelectFamilyAttemptTimeout() < longestAttemptMs)
    setDefaultAutoSelectFamilyAttemptTimeout(longestAttemptMs);
}
