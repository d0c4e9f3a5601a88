import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { fetchClients } from './clients/fetch-clients.ts';
import { contractText } from './contract-text.ts';
import { projectWith } from './sample-project.ts';

const clients = [...fetchClients];

describe('the contract of a client', () => {
  it.each(clients)('$title', ({ files, request, reply }) => {
    const { findings } = detectApiUrl(new Map(Object.entries(projectWith(files))));
    const contract = findings[0]?.contract ?? null;
    expect(contract === null ? { request: 'unknown', reply: 'unknown' } : contractText(contract)).toEqual({
      request,
      reply,
    });
  });
});
