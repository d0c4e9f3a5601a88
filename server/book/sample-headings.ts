import type { BookPage } from './page-list.ts';

const samples = 3;
/** Words of a heading that says what its section is about. */
const leastWords = 2;
const mostWords = 9;
const longest = 70;

/** Headings to ask about, from pages spread over the book; in the reader's language where the book has it. */
export function sampleHeadings(pages: readonly BookPage[], language: string): string[] {
  const local = pages.filter(({ sections: [first] }) => first?.locale.startsWith(language) === true);
  const chosen = local.length > 0 ? local : pages;
  const headings = new Set<string>();
  for (let part = 0; part < samples; part += 1) {
    const [start, end] = [part, part + 1].map((edge) => Math.floor((chosen.length * edge) / samples));
    for (const page of chosen.slice(start, end)) {
      const heading = headingOf(page);
      if (heading === null || headings.has(heading)) continue;
      headings.add(heading);
      break;
    }
  }
  return [...headings];
}

/** A heading that is a question, else the first below the title. */
function headingOf({ title, sections }: BookPage): string | null {
  const headings = sections.flatMap((section) => section.headings.at(-1) ?? []).filter(isSample);
  return (
    headings.find((heading) => heading.endsWith('?')) ??
    headings.find((heading) => heading !== title) ??
    (isSample(title) ? title : null)
  );
}

function isSample(heading: string): boolean {
  const words = heading.trim().split(/\s+/).length;
  const isDense = /^[^\p{Script=Latin}]{4,}$/u.test(heading);
  return heading.length <= longest && words <= mostWords && (words >= leastWords || isDense);
}
