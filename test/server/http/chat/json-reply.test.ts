import { describe, expect, it } from 'vitest';
import { jsonReply } from '../../../../server/http/chat/json-reply.ts';

const section = { file: 'docs/lidar.md', heading: 'Range', title: 'Lidar', section: 'Range' };
const url = '/docs/lidar#range';
const replyWith = (similarity: number | null) =>
  jsonReply({
    answer: {
      text: 'Twelve metres. [Source 1]',
      sources: [{ ...section, url, similarity, score: similarity }],
      nearest: [],
      conversationId: 'c',
      messageId: 'm',
      error: null,
    },
    form: { sources: 'objects', citations: 'objects' },
    session: null,
    model: '',
    now: new Date(0),
    detailsOf: () => ({ text: '', chunkIndex: null, totalChunks: null }),
    addressOf: (source) => `https://book.example${source.url}`,
  });

describe('the reply that JSON clients get', () => {
  const lists = ['sources', 'citations', 'source_chunks', 'retrieved_chunks', 'context_sources'];

  it.each([
    [0.83, 0.83],
    [null, 0],
  ])(
    'has a number for a score that is %s, which clients format, and its cosine as it is',
    (similarity, score) => {
      const reply = replyWith(similarity);
      for (const list of lists) {
        const number = { score, similarity_score: score, relevance_score: score, relevance: score };
        expect(reply[list]).toMatchObject([{ ...number, similarity, metadata: { score } }]);
      }
    },
  );

  it('has the addresses of its sources under the name of clients that link them', () => {
    expect(replyWith(0.83)['sourceReferences']).toEqual(['https://book.example/docs/lidar#range']);
  });
});
