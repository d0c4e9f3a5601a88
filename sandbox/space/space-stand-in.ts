import type { HubServer } from '../hub/hub.ts';
import type { StandIn } from '../stand-in.ts';
import type { SpaceBehaviour } from './space-behaviour.ts';
import type { SpaceStage } from './space-stage.ts';

const CHOICES = { build: ['ok', 'error', 'stuck'], start: ['ok', 'crash', 'hang'] } as const;

/** The knobs of what runs: how builds and starts go, and putting one Space to sleep. */
export function spaceStandIn(options: { hub: HubServer; knobs: SpaceBehaviour }): StandIn {
  const { hub, knobs } = options;
  const milliseconds = (value: unknown): number => {
    if (typeof value !== 'number' || value < 0) throw new Error('a number of milliseconds is needed');
    return value;
  };
  const spaceOf = (id: unknown) => {
    const repository = hub.repositories.get(String(id));
    if (repository === undefined) throw new Error(`there is no Space "${String(id)}"`);
    return repository.space;
  };
  return {
    controls: {
      build: (value) => void (knobs.build = oneOf(CHOICES.build, value)),
      start: (value) => void (knobs.start = oneOf(CHOICES.start, value)),
      buildMs: (value) => void (knobs.buildMs = milliseconds(value)),
      settleMs: (value) => void (knobs.settleMs = milliseconds(value)),
      sleep: (id) => spaceOf(id).sleep(),
      /** `{"space":"ana/x","stage":"QUEUED","errorMessage":"…"}`: any word, also one that nobody knows. */
      force: (value) => {
        const { space, stage, errorMessage } = value as {
          space?: string;
          stage?: SpaceStage;
          errorMessage?: string;
        };
        if (stage === undefined) throw new Error('a stage is needed');
        spaceOf(space).force(stage, errorMessage ?? null);
      },
    },
    state: () => {
      const running = [...hub.repositories].map(([id, { space }]) => [
        id,
        { stage: space.stage, url: space.url, ...space.running },
      ]);
      return { ...knobs, spaces: Object.fromEntries(running) as Record<string, unknown> };
    },
    close: async () => undefined,
  };
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Error(`one of ${choices.join(', ')} is needed`);
  return found;
}
