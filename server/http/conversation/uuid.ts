const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** With or without hyphens. */
export function isUuid(value: string): boolean {
  return uuid.test(value);
}

/** Lower case, with hyphens. */
export function canonicalUuid(value: string): string {
  const hex = value.toLowerCase().replaceAll('-', '');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
