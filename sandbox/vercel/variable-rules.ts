import * as z from 'zod';
import { badRequest, VercelApiError } from './errors.ts';
import type { EnvTarget, Team, EnvVariable } from './state.ts';

const target = z.enum(['production', 'preview', 'development']);
const targets = z.union([z.array(target), target.transform((single) => [single])]);
const type = z.enum(['plain', 'encrypted', 'sensitive', 'system']);
const fields = {
  key: z.string().min(1),
  value: z.string(),
  type,
  target: targets,
  gitBranch: z.string().nullish(),
  comment: z.string().max(500).nullish(),
  customEnvironmentIds: z.array(z.string()).optional(),
  visibility: z.string().optional(),
};
export const newVariableBody = z.strictObject({ ...fields, target: targets.optional() });
export const variableEditBody = z.strictObject(fields).partial();
export type NewVariable = z.output<typeof newVariableBody>;

/** Whether two variables would have the same name in the same environment. */
export const overlaps = (
  variable: EnvVariable,
  { key, targets, gitBranch }: { key: string; targets: EnvTarget[]; gitBranch: string | null },
): boolean =>
  variable.key === key &&
  variable.gitBranch === gitBranch &&
  variable.target.some((own) => targets.includes(own));

/** The type of a new variable: `sensitive` is refused for development, and a team's policy can force it elsewhere. */
export function typeFor(options: {
  type: EnvVariable['type'];
  targets: EnvTarget[];
  team: Team | null;
}): EnvVariable['type'] {
  const forDevelopment = options.targets.includes('development');
  if (options.type === 'sensitive' && forDevelopment) {
    throw badRequest("You cannot set a Sensitive Environment Variable's target to development.");
  }
  return options.team?.sensitivePolicy === 'on' && !forDevelopment ? 'sensitive' : options.type;
}

/** Throws INVALID_KEY for an invalid name. */
export function checkKey(key: string): void {
  if (/^[A-Za-z_]\w*$/.test(key)) return;
  throw new VercelApiError({
    status: 400,
    code: 'INVALID_KEY',
    message: 'The name contains invalid characters. Only letters, digits, and underscores are allowed.',
  });
}

/** Parses a body; throws 400, also for unknown properties. */
export function parseBody<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    throw badRequest(`Invalid request: should NOT have additional property \`${issue.keys[0]}\`.`);
  }
  const at = issue?.path.join('.') ?? '';
  throw badRequest(`Invalid request: \`${at}\` ${issue?.message ?? 'is not valid'}.`);
}
