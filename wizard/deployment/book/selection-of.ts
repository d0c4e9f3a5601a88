import { defaultSelection, type BookSelection } from '../../../indexer/book-selection.ts';
import type { Answers } from '../../model/answers.ts';
import { parseEditionList } from '../../model/formats/edition-list.ts';
import type { Session } from '../../model/runtime.ts';
import type { RunSettings } from '../run-settings.ts';

/** The versions and languages that the user chose; none of them is the version that readers see first, in all languages. */
export function selectionOf(answers: Answers): BookSelection {
  return selectionFrom(answers.BOOK_VERSIONS?.value, answers.BOOK_LOCALES?.value);
}

/** The same for a command that asks for nothing. */
export function namedSelection({ flags, runtime }: Pick<Session, 'flags' | 'runtime'>): BookSelection {
  return selectionFrom(
    flags.versions ?? runtime.env['BOOK_VERSIONS'],
    flags.locales ?? runtime.env['BOOK_LOCALES'],
  );
}

function selectionFrom(versions: string | undefined, locales: string | undefined): BookSelection {
  const names = versions === undefined ? [] : parseEditionList(versions);
  // `first` is what is indexed anyway; it is how a choice of nothing else is kept.
  return {
    versions: names === 'all' ? names : names.filter((name) => name !== firstVersion),
    locales: locales === undefined ? defaultSelection.locales : parseEditionList(locales),
  };
}

/** Whether a model writes about the sections, which uses the key's quota: where nothing says so, as in the collection. */
export function enrichmentSettings({
  flags,
  runtime,
}: Pick<Session, 'flags' | 'runtime'>): Pick<RunSettings, 'enrichment'> {
  const setting = runtime.env['BOOK_ENRICH']?.trim() ?? '';
  const isOn = flags.enrich || /^(?:on|true|yes|1)$/i.test(setting);
  return { enrichment: { isWanted: isOn || (setting === '' ? null : false), stateDir: runtime.stateDir } };
}

/** Stands for the version that readers see first, alone. */
export const firstVersion = 'first';
