/** The same transcripts on the server as a function, in a process that is frozen between requests. */
import { replayTranscripts } from './golden-replay.ts';
import { runFunction } from './running-function.ts';
import { untilHealth } from './start-server.ts';

replayTranscripts(async (environment) => {
  const running = await runFunction({ environment });
  await untilHealth(running.url, 'healthy');
  return running;
});
