import { replayTranscripts } from './golden-replay.ts';
import { startServer } from './start-server.ts';

replayTranscripts((environment) => startServer({ environment }));
