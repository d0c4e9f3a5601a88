/** What separates the names of versions or languages that a user gives; `all` stands for every one. */
export function parseEditionList(text: string): readonly string[] | 'all' {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.some((name) => name.toLowerCase() === 'all') ? 'all' : [...new Set(names)];
}

/** The form of such a list: names as a site's folders have them. */
export const editionListForm = /^[\w.+-]+(?:\s*,\s*[\w.+-]+)*$/;

/** The same, for a flag. */
export const editionListRule = {
  isValid: (value: string): boolean => editionListForm.test(value),
  wants: 'names with commas between, or all',
};
