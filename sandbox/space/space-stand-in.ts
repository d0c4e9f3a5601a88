import type { HubServer } from '../hub/hub.ts';
import type { StandIn } from '../stand-in.ts';
import type { SpaceBehaviour } from './space-behaviour.ts';
import type { SpaceStage } from './space-stage.ts';

const CHOICES = { build: ['ok', 'error', 'stuck'], start: ['ok', 'crash', 'hang'] } as const;

/** Controls of the running Spaces: how builds and starts go, and the state of one Space. */
export function spaceStandIn({ hub, behaviour }: { hub: HubServer; behaviour: SpaceBehaviour }): StandIn {
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
      build: (value) => void (behaviour.build = oneOf(CHOICES.build, value)),
      start: (value) => void (behaviour.start = oneOf(CHOICES.start, value)),
      buildMs: (value) => void (behaviour.buildMs = milliseconds(value)),
      settleMs: (value) => void (behaviour.settleMs = milliseconds(value)),
      sleep: (id) => spaceOf(id).sleep(),
      /** Sets a stage, also an unknown one: `{"space":"ana/x","stage":"QUEUED","errorMessage":"…"}`. */
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
      return { ...behaviour, spaces: Object.fromEntries(running) as Record<string, unknown> };
    },
    close: async () => undefined,
  };
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T {
  const match = choices.find((choice) => choice === value);
  if (match === undefined) throw new Error(`one of ${choices.join(', ')} is needed`);
  return match;
}
