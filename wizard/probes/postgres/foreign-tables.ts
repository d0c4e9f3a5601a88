/** The columns that the server, and the FastAPI server it replaces, read and write; `later` ones are added when missing. */
const ourTables = {
  conversations: {
    columns: { id: /^uuid$/, created_at: /^timestamp/, updated_at: /^timestamp/ },
    later: {},
  },
  messages: {
    columns: {
      id: /^uuid$/,
      conversation_id: /^uuid$/,
      role: /^(text|character varying)/,
      content: /^(text|character varying)$/,
      sources: /^jsonb$/,
      created_at: /^timestamp/,
    },
    later: { status: /^(text|character varying)/, turn_id: /^uuid$/ },
  },
} as const satisfies Record<string, Record<'columns' | 'later', Record<string, RegExp>>>;

type TableName = keyof typeof ourTables;
const tableNames = ['conversations', 'messages'] as const satisfies TableName[];

/** A table that exists under one of our names. */
export type ExistingTable = {
  name: TableName;
  columns: { name: string; type: string; is_required: boolean }[];
  /** Whether `id` alone is unique, as `on conflict (id)` needs. */
  has_key: boolean;
  /** Whether the user may change it. */
  is_owned: boolean;
};

/** One column of a query: the existing tables as JSON, found by the search path as the server finds them. */
export const existingTablesColumn = `(SELECT coalesce(json_agg(json_build_object(
    'name', t.relname,
    'columns', (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'is_required', a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''))
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'has_key', EXISTS (SELECT 1 FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_attribute k ON k.attrelid = t.oid AND k.attname = 'id'
      WHERE i.indrelid = t.oid AND i.indisunique AND i.indpred IS NULL AND i.indkey::text = k.attnum::text),
    'is_owned', pg_has_role(t.relowner, 'USAGE'))), '[]')
  FROM pg_catalog.pg_class t
  WHERE t.oid IN (${tableNames.map((name) => `to_regclass('${name}')`).join(', ')}))`;

/**
 * Why an existing table is another program's, or cannot be used; null when it is ours. Where our migrations have run, the
 * tables need not be owned.
 */
export function foreignTable(tables: readonly ExistingTable[], isMigrated: boolean): string | null {
  for (const table of tables) {
    const reason = differenceOf(table) ?? (isMigrated || table.is_owned ? null : 'belongs to another user');
    if (reason !== null) return `the table ${table.name} ${reason}`;
  }
  return null;
}

function differenceOf({ name, columns, has_key: hasKey }: ExistingTable): string | null {
  const ours: Record<string, RegExp> = ourTables[name].columns;
  const accepted: Record<string, RegExp> = { ...ours, ...ourTables[name].later };
  const existing = new Set(columns.map((column) => column.name));
  for (const column of Object.keys(ours)) {
    if (!existing.has(column)) return `has no column ${column}`;
  }
  for (const { name: column, type, is_required: isRequired } of columns) {
    const wanted = Object.hasOwn(accepted, column) ? accepted[column] : undefined;
    if (wanted === undefined && isRequired) return `has a column ${column} that must be given`;
    if (wanted?.test(type) === false) return `has a column ${column} of the type ${type}`;
  }
  return hasKey ? null : 'has no primary key id';
}
