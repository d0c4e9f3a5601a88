import type { HostedVariables } from '../../clients/hub-schemas.ts';
import { marker } from '../../hosting/fingerprint.ts';

/** The limits that this tool may set; the last one only where its owner accepted how many rows it deletes. */
export const limitNames = [
  'CHAT_DAILY_BUDGET',
  'CHAT_PER_MINUTE',
  'CHAT_RETENTION_DAYS',
  'CHAT_RETENTION_UNNAMED',
] as const;
export type LimitName = (typeof limitNames)[number];

/** Answers of the model per day of a new deployment: what a key tolerates cannot be read, so it is the same for all. */
const usualBudget = '300';
/** A rewrite's readers all come from the addresses of its platform. */
const rateBehindRewrite = '300';

/** Days for which a new deployment keeps conversations, in a database that it has for itself. */
const usualRetention = '90';

/** Read by version 0.1 alone. */
const retiredNames = ['CHAT_ALIAS_ROUTES'];

/** What a run wants of the limits. */
export type LimitSettings = {
  /** Limits that the user named, by their variables. */
  limits?: Partial<Record<LimitName, string>>;
  /** Whether a person sees the plan, and can decline a limit that an existing deployment has not. */
  proposesLimits?: boolean;
  wiring?: { isSameOrigin: boolean };
};

/**
 * The limits that the Space gets. What the user named, counts; a variable that this tool did not write is its owner's.
 * A new deployment gets a daily budget; one that has none gets it only as a proposal that a person accepts.
 */
export function limitVariables(
  settings: LimitSettings,
  {
    current,
    isNew,
    hasEmptyDatabase = false,
  }: {
    current: HostedVariables;
    isNew: boolean;
    /** Whether the database was seen to hold nothing. */
    hasEmptyDatabase?: boolean;
  },
): Partial<Record<LimitName, string>> {
  const { limits = {}, proposesLimits = false, wiring } = settings;
  const proposed: Partial<Record<LimitName, string>> = {
    CHAT_DAILY_BUDGET: usualBudget,
    ...(wiring?.isSameOrigin === true && { CHAT_PER_MINUTE: rateBehindRewrite }),
    // An update never begins to delete.
    ...(isNew && hasEmptyDatabase && { CHAT_RETENTION_DAYS: usualRetention }),
  };
  const entries = limitNames.flatMap((name) => {
    const variable = current[name];
    if (variable !== undefined && variable.description !== marker) return [];
    const usual = variable?.value ?? (isNew || proposesLimits ? proposed[name] : undefined);
    const isUnseen = name === 'CHAT_RETENTION_DAYS' && !isNew && !proposesLimits;
    const wanted = isUnseen && isShorter(limits[name], variable?.value) ? undefined : limits[name];
    const value = wanted ?? usual;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether a retention deletes more than the current one; 0 and none keep for ever. */
function isShorter(wanted: string | undefined, current: string | undefined): boolean {
  const days = (text: string | undefined): number => Number(text ?? 0) || Number.POSITIVE_INFINITY;
  return days(wanted) < days(current);
}

/** All limits of a server, for the one that takes its place; without a retention, conversations are kept for ever. */
export function limitsToTakeOver(current: HostedVariables): Partial<Record<LimitName, string>> {
  const limits = limitNames.flatMap((name) => {
    const value = current[name]?.value;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { CHAT_RETENTION_DAYS: '0', ...Object.fromEntries(limits) };
}

/** The limits that this tool wrote, by name. */
export function ourLimits(current: HostedVariables): [LimitName, string][] {
  return limitNames.flatMap((name) => {
    const variable = current[name];
    return variable?.description === marker ? [[name, variable.value] as [LimitName, string]] : [];
  });
}

/** What the plan says of `CHAT_*` variables that this tool does not write; none of them is changed or removed. */
export function describeOwnLimits(current: HostedVariables): string[] {
  const own = Object.entries(current).filter(
    ([name, { description }]) => name.startsWith('CHAT_') && description !== marker,
  );
  const kept = own.filter(([name]) => !retiredNames.includes(name) && name !== 'CHAT_RESPONSE_MODE');
  const retired = own.filter(([name]) => retiredNames.includes(name));
  return [
    ...kept.map(([name, { value }]) => `= ${name}=${value}, which is yours`),
    ...retired.map(([name]) => `${name} is no longer read`),
  ];
}
