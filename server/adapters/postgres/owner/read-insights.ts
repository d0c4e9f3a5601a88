import type { PoolClient } from 'pg';
import { unpackVector } from '../../../collection/packed-vector.ts';
import { withOwnerConnection } from './owner-connection.ts';

const timeoutMs = 30_000;

/** A question, and what is known about its answer; nulls where an earlier version answered it. */
export type AskedQuestion = {
  id: string;
  text: string;
  /** In UTC, `2026-11-28`. */
  day: string;
  verdict: string | null;
  strategies: readonly string[] | null;
  cosine: number | null;
  cited: readonly string[];
  nearest: readonly string[];
  ms: number | null;
  rating: string | null;
  tag: string | null;
  note: string | null;
  /** Of length 1. */
  vector: Float32Array | null;
};

/** The questions of a period, and the use of the model; null where no server has stored anything. */
export type StoredQuestions = {
  questions: AskedQuestion[];
  usage: { calls: number; inputTokens: number; outputTokens: number };
};

/** The newest are read; more would not change what is found, and fill the memory. */
const maxQuestions = 20_000;

const selectQuestions = `
  select question.id, question.content as text, to_char(question.created_at, 'YYYY-MM-DD') as day,
    turn.verdict, turn.strategies, turn.cosine, coalesce(turn.cited, '{}') as cited,
    coalesce(turn.nearest, '{}') as nearest, turn.ms, turn.vector, feedback.rating, feedback.tag, feedback.note
  from messages as question
  left join rag_turns as turn on turn.turn_id = question.id
  left join messages as answer on answer.turn_id = question.id and answer.role = 'assistant'
  left join rag_feedback as feedback on feedback.message_id = answer.id
  where question.role = 'user' and question.created_at >= $1::timestamp
  order by question.created_at desc, question.id limit ${maxQuestions}`;

const selectUsage = `
  select coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(input_tokens), 0)::float8 as "inputTokens",
    coalesce(sum(output_tokens), 0)::float8 as "outputTokens"
  from rag_usage where day >= $1::date`;

/**
 * Reads what a chat was asked since a time, without creating or changing a table. Null for a database that no server of
 * this version has used yet.
 *
 * @param options.since ISO-8601.
 * @throws ServerFailure when the database does not answer or rejects the login.
 */
export function readQuestions({
  since,
  ...options
}: {
  databaseUrl: string;
  since: string;
  signal: AbortSignal;
}): Promise<StoredQuestions | null> {
  return withOwnerConnection({ ...options, timeoutMs }, (client) => selectAll(client, since));
}

async function selectAll(client: PoolClient, since: string): Promise<StoredQuestions | null> {
  const tables = await client.query<{ feedback: string | null }>(
    `select to_regclass('rag_feedback')::text as feedback`,
  );
  if (tables.rows[0]?.feedback == null) return null;
  const time = since.replace('Z', '');
  const { rows } = await client.query<AskedQuestion & { vector: Buffer | null }>(selectQuestions, [time]);
  const usage = await client.query<StoredQuestions['usage']>(selectUsage, [time.slice(0, 10)]);
  return {
    questions: rows.map((row) => ({ ...row, vector: row.vector === null ? null : unpackVector(row.vector) })),
    usage: usage.rows[0] ?? { calls: 0, inputTokens: 0, outputTokens: 0 },
  };
}
