import type { InvalidSetting } from './contract.ts';
import { ServerFailure } from './failure.ts';

/** An invalid daily budget must not become an unlimited one, so it blocks the model. */
const settingsByService = {
  gemini: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'CHAT_DAILY_BUDGET'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY', 'QDRANT_COLLECTION'],
  postgres: ['DATABASE_URL'],
} as const satisfies Record<string, readonly string[]>;
type SettingsService = keyof typeof settingsByService;

/** Why a service cannot be used with these settings; null when it can. */
export function blockingSetting(
  service: SettingsService,
  invalid: readonly InvalidSetting[],
): ServerFailure | null {
  const names: readonly string[] = settingsByService[service];
  const setting = invalid.find(({ name }) => names.includes(name));
  return setting === undefined ? null : invalidSettingFailure(setting);
}

/** The invalid settings that block no service: the server runs with their defaults. */
export function nonBlocking(invalid: readonly InvalidSetting[]): ServerFailure[] {
  const names: readonly string[] = Object.values(settingsByService).flat();
  return invalid.filter(({ name }) => !names.includes(name)).map(invalidSettingFailure);
}

/** What a missing or invalid variable means to the operator; never contains its value. */
export function invalidSettingFailure({ name, isMissing }: InvalidSetting): ServerFailure {
  return new ServerFailure({
    code: 'setting-unusable',
    message: `${name} is ${isMissing ? 'missing' : 'invalid'}.`,
    remedy: isMissing
      ? `Set ${name} in the server's settings, or run: npx rag-space-setup`
      : `Correct ${name} in the server's settings: docs/chat-api.md names what it takes.`,
  });
}

/** Without a name, a server cannot know which of a shared database's conversations are its own. */
export function unnamedRetention(): ServerFailure {
  return new ServerFailure({
    code: 'setting-unusable',
    message: 'CHAT_RETENTION_DAYS needs a name for this server, so nothing is deleted.',
    remedy: 'Set CHAT_SERVER_NAME to a name that no other server on this database has.',
  });
}
