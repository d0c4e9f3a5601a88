import { Text } from 'ink';
import { use, type ReactNode } from 'react';
import { useTone } from './line-view.tsx';
import { ScreenContext } from './screen-context.ts';

/** The targets that are decided, in a row; null before there is one. */
export function TargetRow(): ReactNode {
  const { outline } = use(ScreenContext);
  const good = useTone('good');
  if (outline === null || outline.targets.length === 0 || outline.phase === 'keys') return null;
  return (
    <Text wrap="truncate">
      {'  '}
      {outline.targets.map(({ label, value }, index) => (
        <Text key={label}>
          {index === 0 ? '' : '  '}
          <Text {...good}>✓</Text>
          {` ${label} ${value}`}
        </Text>
      ))}
    </Text>
  );
}
