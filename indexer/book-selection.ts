/** Which of a book's versions and languages are indexed. */
export type BookSelection = {
  /** Versions besides the one that readers see first, by name or label; `all` for every one. */
  versions: readonly string[] | 'all';
  /** Languages; `all` for every one. */
  locales: readonly string[] | 'all';
};

/** The version that readers see first, in all its languages. */
export const defaultSelection: BookSelection = { versions: [], locales: 'all' };

type Selectable = { version: string; label: string; locale: string; isDefault: boolean };

/** Whether an edition of the book is indexed. */
export function isSelected(
  { version, label, locale, isDefault }: Selectable,
  { versions, locales }: BookSelection,
): boolean {
  const isChosen = isDefault || versions === 'all' || names(versions, [version, label]);
  return isChosen && (locales === 'all' || names(locales, [locale]));
}

/** The chosen versions and languages that none of a book's editions has. */
export function unknownChoices(
  editions: readonly Pick<Selectable, 'version' | 'label' | 'locale'>[],
  { versions, locales }: BookSelection,
): { versions: string[]; locales: string[] } {
  const isKnown = (name: string, fields: readonly ('version' | 'label' | 'locale')[]): boolean =>
    editions.some((edition) =>
      names(
        [name],
        fields.map((field) => edition[field]),
      ),
    );
  return {
    versions: versions === 'all' ? [] : versions.filter((name) => !isKnown(name, ['version', 'label'])),
    locales: locales === 'all' ? [] : locales.filter((name) => !isKnown(name, ['locale'])),
  };
}

/** Whether one of the choices is one of its own names, in whatever case. */
function names(choices: readonly string[], own: readonly string[]): boolean {
  const wanted = new Set(choices.map((choice) => choice.toLowerCase()));
  return own.some((name) => wanted.has(name.toLowerCase()));
}
