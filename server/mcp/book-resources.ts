import { ResourceTemplate, type McpServer } from '@modelcontextprotocol/server';
import type { BookReader } from '../book/book-reader.ts';
import { pageMarkdown } from '../book/page-markdown.ts';

const mimeType = 'text/markdown';

/** Pages as resources: `book:///docs/intro` is that page as Markdown. */
export function addBookResources(server: McpServer, reader: BookReader): void {
  server.registerResource(
    'page',
    new ResourceTemplate('book:///{+path}', {
      list: async () => {
        const pages = await reader.pagesFor();
        return {
          resources: pages.map(({ title, path }) => ({
            uri: `book://${path}`,
            name: title,
            description: reader.addressOf(path),
            mimeType,
          })),
        };
      },
    }),
    { title: 'A page of the book', description: 'A page as Markdown, by its path.', mimeType },
    async (uri) => {
      const page = await reader.pageAt(uri.pathname);
      if (page === null) throw new Error('The book has no such page.');
      return {
        contents: [{ uri: uri.href, mimeType, text: pageMarkdown(page, reader.addressOf(page.path)) }],
      };
    },
  );
}
