/** One change of the schema, in order; `name` is recorded in `rag_migrations`. Never edit one that was released. */
export type Migration = { name: string; sql: string };

/**
 * The first migration creates the tables of the FastAPI server this replaces, so that its databases can be used
 * unchanged; later ones only add what that server ignores.
 */
export const migrations: readonly Migration[] = [
  {
    name: '001-conversations-and-messages',
    sql: `
      create table if not exists conversations (
        id uuid primary key,
        created_at timestamp not null default now(),
        updated_at timestamp not null default now()
      );
      create table if not exists messages (
        id uuid primary key,
        conversation_id uuid not null references conversations (id) on delete cascade,
        role varchar(20) not null,
        content text not null,
        sources jsonb,
        created_at timestamp not null default now()
      );`,
  },
  {
    name: '002-messages-by-conversation',
    sql: 'create index if not exists messages_conversation_id_created_at on messages (conversation_id, created_at);',
  },
  {
    name: '003-answer-status',
    sql: 'alter table messages add column if not exists status varchar(20);',
  },
  {
    name: '004-keys',
    sql: 'create table if not exists rag_keys (name text primary key, value text not null);',
  },
  {
    name: '005-turns',
    sql: 'alter table messages add column if not exists turn_id uuid;',
  },
  {
    name: '006-usage',
    sql: `
      create table if not exists rag_usage (
        day date primary key,
        leased integer not null default 0,
        calls integer not null default 0,
        input_tokens bigint not null default 0,
        output_tokens bigint not null default 0
      );`,
  },
  {
    // What is known about an answer, its reader's verdict, and who may delete a conversation. Tables of their own, so
    // that the FastAPI server's own are as it knows them. All of it goes with its conversation.
    name: '007-turns-and-feedback',
    sql: `
      alter table conversations add column if not exists deployment varchar(200);
      create table if not exists rag_turns (
        turn_id uuid primary key,
        conversation_id uuid not null references conversations (id) on delete cascade,
        created_at timestamp not null,
        verdict varchar(20) not null,
        strategies text[] not null,
        cosine real,
        coverage real,
        cited text[] not null,
        nearest text[] not null,
        ms integer not null,
        input_tokens integer,
        output_tokens integer,
        page text,
        version text,
        locale text,
        vector bytea
      );
      create index if not exists rag_turns_created_at on rag_turns (created_at);
      create table if not exists rag_feedback (
        message_id uuid primary key references messages (id) on delete cascade,
        rating varchar(10) not null,
        tag varchar(40),
        note text,
        created_at timestamp not null
      );
      create table if not exists rag_daily_runs (name text primary key, day date not null);`,
  },
  {
    name: '008-function-usage',
    sql: `
      create table if not exists rag_function_usage (
        day date primary key,
        requests bigint not null default 0,
        cpu_ms bigint not null default 0
      );`,
  },
];
