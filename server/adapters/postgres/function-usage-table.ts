import type { PoolClient } from 'pg';
import type { Usage } from '../../chat/budget/allotment.ts';

const addAndSum = `
  with added as (
    insert into rag_function_usage (day, requests, cpu_ms) values ($1, $2, $3)
    on conflict (day) do update set requests = rag_function_usage.requests + excluded.requests,
      cpu_ms = rag_function_usage.cpu_ms + excluded.cpu_ms
    returning day, requests, cpu_ms
  ), before as (
    select requests, cpu_ms from rag_function_usage where day > $1::date - 30 and day <> $1
  )
  select sum(requests)::float8 as requests, sum(cpu_ms)::float8 as "cpuMs"
  from (select requests, cpu_ms from added union all select requests, cpu_ms from before) as days`;

/** Adds to a day and returns the sum of 30 days. Throws the driver's error. */
export async function addFunctionUsage(
  client: PoolClient,
  { day, requests, cpuMs }: Usage & { day: string },
): Promise<Usage> {
  const { rows } = await client.query<Usage>(addAndSum, [day, requests, Math.round(cpuMs)]);
  return rows[0] ?? { requests: 0, cpuMs: 0 };
}
