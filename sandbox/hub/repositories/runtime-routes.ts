import type { RouteCall, RouteReply, Route } from '../../exchange/serve-routes.ts';
import type { SpaceLog } from '../../space/space-log.ts';
import { HubApiError } from '../hub-api-error.ts';
import type { Repository } from './repository.ts';
import { hostsDocker, readableRepository, writableRepository, type HubState } from '../state.ts';
import { runtimeOf } from './views.ts';

const SSE = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** The runtime of a Space: state, restart, pause, hardware, logs. */
export function runtimeRoutes(state: HubState): Route[] {
  const at = (rest: string): string => `/api/spaces/:owner/:name/${rest}`;
  const change = (name: string, act: (repository: Repository, call: RouteCall) => void): Route => ({
    method: 'POST',
    path: at(name),
    name,
    writes: true,
    handle: (call) => {
      const { repository } = writableRepository(state, call);
      act(repository, call);
      return { json: runtimeOf(repository) };
    },
  });
  return [
    {
      method: 'GET',
      path: at('runtime'),
      name: 'runtime',
      handle: (call) => ({ json: runtimeOf(readableRepository(state, call)) }),
    },
    change('restart', ({ sdk, space }, call) => {
      if (sdk === 'static') throw new HubApiError(400, 'Cannot restart a static Space');
      space.restart({ factory: call.query.get('factory') === 'true' });
    }),
    change('pause', ({ sdk, space }) => {
      if (sdk === 'static') throw new HubApiError(400, 'Cannot pause a static Space');
      space.pause();
    }),
    change('sleeptime', (repository, call) => {
      const { seconds } = call.json() as { seconds?: number };
      if (repository.hardware === 'cpu-basic') {
        throw new HubApiError(400, 'The sleep time of a Space on cpu-basic cannot be changed');
      }
      repository.sleepSeconds = seconds ?? repository.sleepSeconds;
    }),
    change('hardware', (repository, call) => {
      const { flavor, sleepTimeSeconds } = call.json() as { flavor?: string; sleepTimeSeconds?: number };
      if (flavor === 'cpu-basic' && !hostsDocker(state, repository.owner)) {
        throw new HubApiError(
          402,
          "Without a PRO subscription, you can't downgrade this Space to cpu-basic.",
        );
      }
      repository.hardware = flavor ?? repository.hardware;
      repository.sleepSeconds = sleepTimeSeconds ?? repository.sleepSeconds;
      repository.space.settingsChanged();
    }),
    { method: 'GET', path: at('logs/build'), name: 'logs', handle: (call) => logs(state, call, 'buildLog') },
    { method: 'GET', path: at('logs/run'), name: 'logs', handle: (call) => logs(state, call, 'runLog') },
  ];
}

function logs(state: HubState, call: RouteCall, name: 'buildLog' | 'runLog'): RouteReply {
  const { repository } = writableRepository(state, call);
  const tail = call.query.get('tail');
  const log = repository.space[name];
  return {
    headers: SSE,
    stream: events(log, {
      signal: call.signal,
      tail: tail === null ? undefined : Number(tail),
      keepAliveMs: state.keepAliveMs,
    }),
  };
}

async function* events(log: SpaceLog, options: Parameters<SpaceLog['follow']>[0]): AsyncGenerator<string> {
  for await (const line of log.follow(options))
    yield line === null ? 'data:\n\n' : `data: ${JSON.stringify(line)}\n\n`;
}
