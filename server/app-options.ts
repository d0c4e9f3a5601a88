import type { AppOptions } from './app.ts';
import { chatSettings } from './chat/settings.ts';
import { serverNameOf, type InvalidSetting, type ServerSettings } from './contract.ts';
import { nonBlocking, unnamedRetention } from './invalid-settings.ts';
import { version } from './version.ts';

const logLevels: Partial<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

/** The part of the app's options that the settings say, wherever the server runs. */
export function appOptions({
  settings,
  invalid,
}: {
  settings: ServerSettings;
  invalid: readonly InvalidSetting[];
}): Omit<AppOptions, 'bookTitle'> {
  const days = settings.CHAT_RETENTION_DAYS ?? 0;
  const isNamed = serverNameOf(settings) !== null;
  return {
    version,
    deploymentId: settings.DEPLOYMENT_ID ?? null,
    origins: settings.ALLOWED_ORIGINS,
    logLevel: logLevels[settings.LOG_LEVEL] ?? settings.LOG_LEVEL,
    hasMetrics: settings.CHAT_METRICS === 'on',
    responseMode: settings.CHAT_RESPONSE_MODE,
    dailyBudget: settings.CHAT_DAILY_BUDGET,
    limits: {
      perAddress: settings.CHAT_PER_MINUTE,
      perConversation: settings.CHAT_PER_CONVERSATION_MINUTE,
      readsPerAddress: settings.CHAT_READS_PER_MINUTE,
    },
    settings: { ...chatSettings, memorySections: settings.CHAT_MEMORY_SECTIONS },
    retention:
      days > 0 && isNamed ? { days, includesUnnamed: settings.CHAT_RETENTION_UNNAMED === 'on' } : null,
    invalidSettings: [...nonBlocking(invalid), ...(days > 0 && !isNamed ? [unnamedRetention()] : [])],
  };
}
