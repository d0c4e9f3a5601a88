import { readUsage } from '../../../server/adapters/postgres/owner/read-usage.ts';
import type { UsageOfDay } from '../../../server/adapters/postgres/usage-table.ts';
import type { HostedVariables } from '../../clients/hub-schemas.ts';
import type { Credentials } from '../../model/credential.ts';
import type { RunContext } from '../context.ts';

const day = 86_400_000;

/** How many questions were asked yesterday (UTC), in words; says so where that cannot be read. */
export async function describeYesterday({ credentials, now, signal }: RunContext): Promise<string> {
  const { postgres }: Partial<Credentials> = credentials;
  if (postgres === undefined) return 'yesterday’s questions can be counted with DATABASE_URL';
  const yesterday = new Date(now() - day).toISOString().slice(0, 10);
  const request = { databaseUrl: postgres.url.reveal(), day: yesterday, signal };
  const usage = await readUsage(request).catch(() => null);
  return usage === null ? 'yesterday’s questions cannot be read' : `${usage.questions} questions yesterday`;
}

/** Today's use of the model and what is left of the budget, in a line; how to see it without a connection string. */
export async function describeToday({
  databaseUrl,
  variables,
  now,
  signal,
}: {
  databaseUrl: string | null;
  variables: HostedVariables | null;
  /** Milliseconds since 1970. */
  now: number;
  signal: AbortSignal;
}): Promise<string> {
  if (databaseUrl === null) return 'Use of the model today: set DATABASE_URL to see it';
  const today = new Date(now).toISOString().slice(0, 10);
  const result = await readUsage({ databaseUrl, day: today, signal }).catch(() => null);
  if (result === null) return 'Use of the model today: the database of DATABASE_URL does not answer';
  const { calls, inputTokens, outputTokens, leased } = result.usage ?? noUsage;
  const tokens = `${inputTokens.toLocaleString('en')} tokens read, ${outputTokens.toLocaleString('en')} written`;
  const budget = Number(variables?.['CHAT_DAILY_BUDGET']?.value ?? 0);
  const left = budget > 0 ? `, ${Math.max(0, budget - leased)} of ${budget} left until 00:00 UTC` : '';
  const price = priceOf({ inputTokens, outputTokens }, variables);
  return `Use of the model today (UTC): ${calls} answers, ${tokens}${price}${left}`;
}

const noUsage = { calls: 0, leased: 0, inputTokens: 0, outputTokens: 0 };

/** Empty unless the owner set what a million tokens cost: prices change, and differ between accounts. */
function priceOf(
  tokens: Pick<UsageOfDay, 'inputTokens' | 'outputTokens'>,
  variables: HostedVariables | null,
): string {
  const [input, output] = ['CHAT_PRICE_INPUT', 'CHAT_PRICE_OUTPUT'].map((name) =>
    Number(variables?.[name]?.value ?? Number.NaN),
  );
  if (input === undefined || output === undefined || Number.isNaN(input + output)) return '';
  const price = (tokens.inputTokens * input + tokens.outputTokens * output) / 1_000_000;
  return ` (${price.toFixed(2)} at your price)`;
}
