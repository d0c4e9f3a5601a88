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
];
