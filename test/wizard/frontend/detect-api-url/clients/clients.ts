import { bodyClients } from './body-clients.ts';
import type { ChatClient } from './chat-client.ts';
import { fetchClients } from './fetch-clients.ts';
import { libraryClients } from './library-clients.ts';
import { passedClients } from './passed-clients.ts';
import { replyClients } from './reply-clients.ts';
import { wrapperClients } from './wrapper-clients.ts';

/** Chats of our own making, one for each way to ask and to read that was seen. */
export const clients: readonly ChatClient[] = [
  ...fetchClients,
  ...libraryClients,
  ...wrapperClients,
  ...bodyClients,
  ...replyClients,
  ...passedClients,
];
