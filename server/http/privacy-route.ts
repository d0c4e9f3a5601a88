import type { FastifyInstance } from 'fastify';

/** What is kept, where, and for how long; docs/privacy.md has the same words. */
export function privacyText(retentionDays: number | null): string {
  const period =
    retentionDays === null ? 'until the owner deletes them' : `for ${retentionDays} days, and deleted then`;
  return (
    'Questions to the assistant and its answers are kept in this site’s own database, together with how each answer ' +
    `came about, so that the site’s owner can improve the book. They are kept ${period}. No name, address or cookie is ` +
    'stored. To write an answer, the question and passages of the book are sent to Google (Gemini); to find the passages, ' +
    'the question’s meaning is computed by Google and compared in a Qdrant database.'
  );
}

/** `GET /privacy`: the paragraph that the pages of the chat link to. */
export function privacyRoute(
  app: FastifyInstance,
  { bookTitle, retention }: { bookTitle: string; retention?: { days: number } | null },
): void {
  const title = bookTitle.replaceAll(/[<&]/g, (character) => (character === '<' ? '&lt;' : '&amp;'));
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: privacy</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
<h1>What is kept</h1>
<p>${privacyText(retention?.days ?? null)}</p>
</html>
`;
  app.get('/privacy', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page),
  );
}
