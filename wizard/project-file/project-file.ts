import * as z from 'zod';

export const projectFileName = 'rag-space.json';

const account = z.string().regex(/^[\w-][\w.-]{0,99}$/, 'is no name of an account or project');
const folder = z
  .string()
  .max(500)
  .regex(
    /^(?![/\\~])(?!.*(?:^|[/\\])\.\.(?:[/\\]|$))[^\u0000-\u001f\u007f:]+$/,
    'is no folder below the file',
  );
const editions = z.union([
  z.literal('all'),
  z.array(z.string().regex(/^[\w.+-]{1,40}$/, 'is no name of a version or language')).max(100),
]);
const limit = z.int().min(0).max(999_999_999);

/**
 * `rag-space.json`: where a book's assistant runs, committed beside the book. It names no address of a vendor and holds
 * no secret, so that a repository from elsewhere cannot have keys sent anywhere but to their own vendors.
 */
export const projectFileSchema = z
  .strictObject({
    $schema: z.string().max(500).optional().describe('For editors; not read.'),
    version: z.literal(1),
    hosting: z.enum(['space', 'vercel']).optional().describe('Where the server runs.'),
    space: z
      .string()
      .regex(/^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/, 'is not OWNER/NAME')
      .optional()
      .describe('The Hugging Face Space of the server, OWNER/NAME.'),
    hostingProject: account.optional().describe('The Vercel project of the server, where it runs there.'),
    hostingTeam: account.optional().describe('The Vercel team that owns it.'),
    vercelProject: account.optional().describe('The Vercel project of the book.'),
    vercelTeam: account.optional().describe('The Vercel team that owns it.'),
    frontendTargets: z
      .array(z.enum(['production', 'preview', 'development']))
      .min(1)
      .max(3)
      .optional()
      .describe('The environments of that project that get the server’s address.'),
    docs: folder.optional().describe('The book: a Docusaurus site or its docs folder, from this file.'),
    versions: editions.optional().describe('Versions to index besides the one that readers see first.'),
    locales: editions.optional().describe('Languages to index.'),
    frontend: folder.optional().describe('The folder of the frontend’s source, from this file.'),
    collection: z
      .string()
      .regex(/^[\w-][\w.-]{0,199}$/, 'is no name of a collection')
      .optional()
      .describe('The Qdrant collection of the book.'),
    dailyBudget: limit.optional().describe('Answers of the model a day; 0 is no limit.'),
    perMinute: limit.optional().describe('Questions a minute of one address; 0 is no limit.'),
    retentionDays: z
      .int()
      .min(0)
      .max(36_500)
      .optional()
      .describe('Days after which the server deletes conversations; 0 keeps them.'),
    ciKeyExpires: z.iso
      .date()
      .optional()
      .describe('When the Qdrant key of the workflow expires, for doctor to warn of.'),
  })
  .meta({ title: 'rag-space.json', description: 'Where the assistant of a book runs.' });

/** The file's content. */
export type ProjectFile = z.infer<typeof projectFileSchema>;

/** The file as it is written: settings in the order of the schema, absent ones left out. */
export function projectFileText(file: ProjectFile): string {
  const names = Object.keys(projectFileSchema.shape) as (keyof ProjectFile)[];
  const entries = names.flatMap((name) => (file[name] === undefined ? [] : [[name, file[name]] as const]));
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
