/** The licence texts of the packages in a bundle, as their terms require. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const licencesFile = 'THIRD-PARTY-LICENCES.txt';

/** From here on, the text of the MIT licence is the same everywhere. */
const mitWords = /Permission is hereby granted, free of charge[\s\S]*?\bSOFTWARE\.(?=\s|$)/;

/**
 * One text for all packages of esbuild's metafiles. A package that names MIT without its text gets the licence's words
 * under its author's name. Throws for a package without a licence.
 */
export async function licencesOf(root, metafiles) {
  const packages = await Promise.all(
    packageFolders(metafiles)
      .sort()
      .map(async (folder) => ({
        manifest: JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8').catch(() => '{}')),
        text: await textIn(join(root, folder)),
      })),
  );
  const mit = packages.flatMap(({ text }) => mitWords.exec(text)?.[0] ?? [])[0];
  const texts = packages
    .filter(({ manifest }) => manifest.name !== undefined)
    .map(({ manifest, text }) => {
      const licence = manifest.license ?? manifest.licenses?.[0]?.type;
      const written = text || (licence === 'MIT' && mit && `Copyright (c) ${authorOf(manifest)}\n\n${mit}`);
      if (!written) throw new Error(`${manifest.name} ${manifest.version} has no licence text (${licence}).`);
      return `${manifest.name} ${manifest.version} (${licence ?? 'see below'})\n\n${written.trim()}\n`;
    });
  return `Licences of the packages in these bundles.\n\n${texts.join(`\n${'-'.repeat(60)}\n\n`)}`;
}

function packageFolders(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  return [
    ...new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])),
  ];
}

/** The text of the licence's file, else the README's section with its words; empty without either. */
async function textIn(folder) {
  const names = await readdir(folder);
  const file = names.find((name) => /^(licen[cs]e|copying)(\.|$|-)/i.test(name));
  if (file !== undefined) return readFile(join(folder, file), 'utf8').catch(() => '');
  const readme = names.find((name) => /^readme/i.test(name));
  const text = readme === undefined ? '' : await readFile(join(folder, readme), 'utf8');
  const section = text.split(/^#+\s*licen[cs]e.*$/im)[1] ?? '';
  return mitWords.test(section) ? section : '';
}

function authorOf({ name, author, contributors }) {
  const person = author ?? contributors?.[0];
  return (typeof person === 'string' ? person : person?.name) ?? `the authors of ${name}`;
}
