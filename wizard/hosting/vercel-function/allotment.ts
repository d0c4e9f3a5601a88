import type { HostedVariables } from '../../clients/hub-schemas.ts';
import { marker } from '../fingerprint.ts';
import type { VercelAccount } from './projects-client.ts';

/** What the free plan allows in 30 days: https://vercel.com/docs/plans/hobby */
const hobby = { cpuMinutes: 240, requests: 1_000_000 };

/** Processor time, measured: docs/hosting.md has the table, and a test compares. */
export const processorMs = { coldStart: 650, answer: 60 };

const names = ['HOSTING_CPU_MINUTES', 'HOSTING_REQUESTS'] as const;

/**
 * The limits that the function keeps to: those of the free plan. On a paid one only those that the owner set, which this
 * tool did not write; so they are not among what it wants.
 */
export function allotmentVariables(
  { plan }: VercelAccount,
  current: HostedVariables,
): Partial<Record<(typeof names)[number], string>> {
  const limits = isPaid(plan) ? { cpuMinutes: 0, requests: 0 } : hobby;
  const wanted = { HOSTING_CPU_MINUTES: limits.cpuMinutes, HOSTING_REQUESTS: limits.requests };
  return Object.fromEntries(
    names.flatMap((name) => {
      const variable = current[name];
      const isOurs = variable === undefined || variable.description === marker;
      const isWanted = wanted[name] > 0 || variable !== undefined;
      return isOurs && isWanted ? [[name, String(wanted[name])]] : [];
    }),
  );
}

/** An account whose plan cannot be read is taken for a free one: that is the careful reading. */
function isPaid(plan: string | null): boolean {
  return plan !== null && plan !== 'hobby';
}

/** What a person has to know before the server goes to this account. */
export function allotmentRemarks({ plan }: VercelAccount, { isWithBook }: { isWithBook: boolean }): string[] {
  const logs = 'Vercel keeps the server’s log for an hour.';
  if (isPaid(plan))
    return [`The account has a paid plan (${plan}): what the function uses is on its bill. ${logs}`];
  const ms = hobby.cpuMinutes * 60_000;
  const wakeUps = rounded(ms / processorMs.coldStart);
  const answers = rounded(ms / processorMs.answer);
  return [
    'Vercel’s free plan is for non-commercial use only: no one may earn from the book.',
    `It allows 4 hours of processor time a month: about ${wakeUps} wake-ups or ${answers} answers.`,
    'When that is used up, Vercel pauses the account and all of its sites; the server stops itself at 70 %.',
    ...(isWithBook
      ? [
          'The book is in this account too: another account or team is better (--hosting-team, HOSTING_VERCEL_TOKEN).',
        ]
      : []),
    logs,
  ];
}

/** Two significant digits: `13,000`. */
function rounded(number: number): string {
  return Number(number.toPrecision(2)).toLocaleString('en');
}
