import type { PoolClient } from 'pg';
import type { TokenUsage } from '../../chat/ports.ts';

const insertDay = 'insert into rag_usage (day) values ($1) on conflict (day) do nothing';

/** The row is locked first, so that servers that lease at the same time do so one after another. */
const leaseCalls = `
  update rag_usage as usage
  set leased = before.leased + $4::int + greatest(0, least($2::int, $3::int - before.leased - $4::int))
  from (select leased from rag_usage where day = $1 for update) as before
  where day = $1
  returning usage.leased - before.leased - $4::int as granted`;

const settleCalls = `
  insert into rag_usage (day, leased) values ($1, greatest(0, $2::int))
  on conflict (day) do update set leased = greatest(0, rag_usage.leased + $2::int)`;

const addCalls = `
  insert into rag_usage (day, calls, input_tokens, output_tokens) values ($1, $2, $3, $4)
  on conflict (day) do update set calls = rag_usage.calls + excluded.calls,
    input_tokens = rag_usage.input_tokens + excluded.input_tokens,
    output_tokens = rag_usage.output_tokens + excluded.output_tokens`;

/** What one UTC day has used. `leased` calls are reserved or made; `calls` are finished. */
export type UsageOfDay = TokenUsage & { leased: number; calls: number };

/** Reserves calls; repeating it after a lost answer reserves more than is used, never less. Throws the driver's error. */
export async function lease(
  client: PoolClient,
  { day, calls, budget, unsettled }: { day: string; calls: number; budget: number; unsettled: number },
): Promise<number> {
  const values = [day, calls, budget, unsettled];
  const first = await client.query<{ granted: number }>(leaseCalls, values);
  if (first.rows[0] !== undefined) return first.rows[0].granted;
  await client.query(insertDay, [day]);
  const { rows } = await client.query<{ granted: number }>(leaseCalls, values);
  return rows[0]?.granted ?? 0;
}

/** Must not be repeated: calls that are given back twice could be made twice. Throws the driver's error. */
export async function settle(
  client: PoolClient,
  { day, calls }: { day: string; calls: number },
): Promise<void> {
  await client.query(settleCalls, [day, calls]);
}

/** Throws the driver's error. */
export async function addUsage(
  client: PoolClient,
  { day, calls, inputTokens, outputTokens }: { day: string; calls: number } & TokenUsage,
): Promise<void> {
  await client.query(addCalls, [day, calls, inputTokens, outputTokens]);
}

/** Throws the driver's error. */
export async function selectUsage(client: PoolClient, { day }: { day: string }): Promise<UsageOfDay> {
  const { rows } = await client.query<UsageOfDay>(
    `select leased, calls, input_tokens::float8 as "inputTokens", output_tokens::float8 as "outputTokens"
     from rag_usage where day = $1`,
    [day],
  );
  return rows[0] ?? { leased: 0, calls: 0, inputTokens: 0, outputTokens: 0 };
}
