import type { InvalidSetting } from './contract.ts';
import { Failure } from './failure.ts';

/** A budget that cannot be read must not become none: then the model is not asked. */
const settingsByService = {
  gemini: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'CHAT_DAILY_BUDGET'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY', 'QDRANT_COLLECTION'],
  postgres: ['DATABASE_URL'],
} as const satisfies Record<string, readonly string[]>;
type SettingsService = keyof typeof settingsByService;

/** Why a service cannot be opened with these settings; null when it can. */
export function blockingSetting(
  service: SettingsService,
  unusable: readonly InvalidSetting[],
): Failure | null {
  const names: readonly string[] = settingsByService[service];
  const found = unusable.find(({ name }) => names.includes(name));
  return found === undefined ? null : invalidSettingFailure(found);
}

/** Those that keep no service away: the server runs with their defaults. */
export function nonBlocking(unusable: readonly InvalidSetting[]): Failure[] {
  const names: readonly string[] = Object.values(settingsByService).flat();
  return unusable.filter(({ name }) => !names.includes(name)).map(invalidSettingFailure);
}

/** What a variable that is missing or wrong means to the operator; its value is never told. */
export function invalidSettingFailure({ name, isMissing }: InvalidSetting): Failure {
  return new Failure({
    code: 'setting-unusable',
    message: `${name} is ${isMissing ? 'missing' : 'not usable'}.`,
    remedy: isMissing
      ? `Set ${name} in the Space's settings, or run: npx rag-space-setup`
      : `Correct ${name} in the Space's settings: docs/chat-api.md names what it takes.`,
  });
}
