/** The book of the server's benchmark, as points of a collection. */
export const sections = Array.from({ length: 300 }, (_, index) => ({
  id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
  payload: {
    kind: 'section',
    content: `Section ${index} says how a robot's lidar number ${index} measures distance. ${'It sends a pulse of light and waits for the echo. '.repeat(8)}`,
    title: `Chapter ${index % 20}`,
    headings: [`Lidar ${index}`],
    url: `/docs/chapter-${index % 20}#lidar-${index}`,
    anchor: `lidar-${index}`,
    source: `docs/chapter-${index % 20}.md`,
    lines: [1, 9],
    position: index,
    previous: null,
    next: null,
    hash: 'a'.repeat(32),
    locale: 'en',
    version: 'current',
    has_dense: true,
  },
}));
export const stamp = {
  id: '00000000-0000-4000-8000-00000000057a',
  payload: {
    kind: 'stamp',
    embedding_model: 'gemini-embedding-2',
    dimensions: 768,
    text_format: 'task-prefix-1',
    chunker: 1,
    sections: sections.length,
    without_vector: 0,
    digest: 'bench',
    written_at: '2026-11-23T00:00:00.000Z',
  },
};
