/** PostgreSQL stores neither U+0000 nor lone surrogates. */
export function sanitiseText(text: string): string {
  return Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');
}
