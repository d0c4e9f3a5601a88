import type { Sdk } from '../repositories/repository.ts';

/** The first commit of a new Space: the Hub's default files, overridden by the caller's. */
export function firstFiles(options: {
  name: string;
  sdk: Sdk;
  files: readonly { path: string; content: string; encoding?: 'utf-8' | 'base64' }[];
}): Map<string, Buffer> {
  const title = options.name
    .split(/[-_.]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  const front = [
    `title: ${title}`,
    'emoji: 📘',
    'colorFrom: blue',
    'colorTo: green',
    `sdk: ${options.sdk}`,
    'pinned: false',
  ];
  const readme = `---\n${front.join('\n')}\n---\n\nMade by the stand-in for the Hub.\n`;
  const attributes = LARGE.map((pattern) => `${pattern} filter=lfs diff=lfs merge=lfs -text\n`).join('');
  const files = new Map([
    ['.gitattributes', Buffer.from(attributes)],
    ['README.md', Buffer.from(readme)],
  ]);
  for (const { path, content, encoding } of options.files) {
    files.set(path, Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
  }
  return files;
}

/** Patterns of files in LFS in a new repository; a shorter list than the Hub's. */
const LARGE = [
  '*.7z',
  '*.arrow',
  '*.bin',
  '*.bz2',
  '*.ckpt',
  '*.gz',
  '*.h5',
  '*.model',
  '*.npy',
  '*.npz',
  '*.onnx',
  '*.parquet',
  '*.pickle',
  '*.pkl',
  '*.pt',
  '*.pth',
  '*.rar',
  '*.safetensors',
  '*.tar',
  '*.tgz',
  '*.wasm',
  '*.xz',
  '*.zip',
  '*.zst',
];
