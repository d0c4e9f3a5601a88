import { describe, expect, it } from 'vitest';
import { nextLink, readPages } from '../../../wizard/clients/read-pages.ts';

const about = { service: 'vercel', what: 'listing the projects' } as const;

describe('a list in pages', () => {
  it('is read until no page follows', async () => {
    const pages: Record<string, { items: number[]; next: number | null }> = {
      first: { items: [1, 2], next: 2 },
      2: { items: [], next: 3 },
      3: { items: [3], next: null },
    };
    const read = async (next: string | null) => pages[next ?? 'first'] ?? { items: [], next: null };
    expect(await readPages({ ...about, read })).toEqual([1, 2, 3]);
  });

  it('ends at a page that names itself as the next', async () => {
    expect(await readPages({ ...about, read: async () => ({ items: [1], next: 'same' }) })).toEqual([1, 1]);
  });

  it('has a bound, with a sentence', async () => {
    let page = 0;
    const read = async () => ({ items: [page], next: (page += 1) });
    await expect(readPages({ ...about, read })).rejects.toMatchObject({
      code: 'list-too-long',
      message: expect.stringContaining('listing the projects'),
    });
  });
});

it.each([
  ['<https://huggingface.co/api/x?cursor=ab%3D&limit=2>; rel="next"', '/api/x?cursor=ab%3D&limit=2'],
  ['</api/x?cursor=1>; rel=next', '/api/x?cursor=1'],
  ['<https://a/first>; rel="prev", <https://a/second>; rel="next"', '/second'],
  ['<https://a/first>; rel="prev"', null],
  ['', null],
])('the next page of the header "%s" is %s', (link, wanted) => {
  expect(nextLink(new Headers({ link }))).toBe(wanted);
});
