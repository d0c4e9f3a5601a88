import { collectionOf } from '../deployment/book/collection.ts';
import type { RunContext } from '../deployment/context.ts';
import { ourLimits, type LimitName } from '../deployment/server/chat-limits.ts';
import { hostedSettingsOf } from '../deployment/server/hosted-settings-of.ts';
import { isVercelPlace, parseFunctionPlace } from '../model/formats/function-place.ts';
import type { RunSettingsToKeep } from './offer-project-file.ts';

const limitSettings: Partial<Record<LimitName, 'dailyBudget' | 'perMinute' | 'retentionDays'>> = {
  CHAT_DAILY_BUDGET: 'dailyBudget',
  CHAT_PER_MINUTE: 'perMinute',
  CHAT_RETENTION_DAYS: 'retentionDays',
};

/** What a deployment worked with, for `rag-space.json`. */
export async function settingsToKeep(context: RunContext): Promise<RunSettingsToKeep> {
  const { target, settings } = context;
  const { store } = await collectionOf(context);
  const { wiring, frontendTargets } = settings;
  const hasFrontend = settings.frontend !== 'skip' && target.project !== null;
  return {
    ...(settings.apiUrl === null && serverOf(target.space)),
    ...(hasFrontend && target.project !== null && { vercelProject: target.project }),
    ...(hasFrontend && target.teamId !== null && target.team !== null && { vercelTeam: target.team }),
    ...(hasFrontend && frontendTargets !== undefined && { frontendTargets: [...frontendTargets] }),
    collection: store.collection,
    docs: settings.docsDir,
    ...editionsOf(settings.bookSelection),
    frontend: wiring?.dir ?? null,
    ...(settings.apiUrl === null && (await limitsOf(context))),
  };
}

type PlaceSettings = Pick<RunSettingsToKeep, 'hosting' | 'space' | 'hostingProject' | 'hostingTeam'>;

/** What was chosen besides what is indexed anyway. */
function editionsOf(
  selection: RunContext['settings']['bookSelection'],
): Pick<RunSettingsToKeep, 'versions' | 'locales'> {
  if (selection === undefined) return {};
  const { versions, locales } = selection;
  return {
    ...(versions.length > 0 && { versions: versions === 'all' ? versions : [...versions] }),
    ...(locales !== 'all' && { locales: [...locales] }),
  };
}

/** The server of a place, as settings. */
export function serverOf(place: string): PlaceSettings {
  if (!isVercelPlace(place)) return { hosting: 'space', space: place };
  const { account, isTeam, name } = parseFunctionPlace(place);
  return { hosting: 'vercel', hostingProject: name, ...(isTeam && { hostingTeam: account }) };
}

/** The limits that this tool wrote. */
async function limitsOf(context: RunContext): Promise<Partial<RunSettingsToKeep>> {
  const { variables } = await hostedSettingsOf(context);
  const limits = ourLimits(variables).flatMap(([name, value]) => {
    const setting = limitSettings[name];
    return setting === undefined || !Number.isInteger(Number(value))
      ? []
      : [[setting, Number(value)] as const];
  });
  return Object.fromEntries(limits);
}
