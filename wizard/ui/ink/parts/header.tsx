import { Box, Text } from 'ink';
import { use, type ReactNode } from 'react';
import { phases, type Outline, type Phase } from '../../../model/display/outline.ts';
import type { View } from '../../../model/display/view.ts';
import { describePlace } from '../../../model/formats/function-place.ts';
import { useTone } from './line-view.tsx';
import { ScreenContext } from './screen-context.ts';
import { isRoomy } from './window.ts';

const phaseTitles: Record<Phase, string> = { keys: 'Keys', targets: 'Targets', plan: 'Plan', run: 'Deploy' };
const runTitles: Readonly<Record<string, string>> = { rotate: 'Rotate', index: 'Index' };

/** The phase that a run is in: once a step has begun, the last. */
export function phaseOf({ steps }: View, outline: Outline): Phase {
  return steps.some(({ state }) => state !== 'waiting') ? 'run' : outline.phase;
}

/** The phases of a run, each with what is known of it. */
export function phaseEntries(
  view: View,
  outline: Outline,
): { title: string; state: 'done' | 'current' | 'next' }[] {
  const current = phases.indexOf(phaseOf(view, outline));
  const shown = phases.filter((phase) => phase === 'run' || outline.phases.includes(phase));
  return shown
    .filter((phase) => phase !== 'run' || view.command !== 'plan')
    .map((phase) => {
      const at = phases.indexOf(phase);
      const title = phase === 'run' ? (runTitles[view.command] ?? phaseTitles.run) : phaseTitles[phase];
      return { title, state: at < current ? 'done' : at === current ? 'current' : 'next' };
    });
}

const signs = { done: '✓', current: '●', next: '○' } as const;

/** Where the run is: the product, what it writes to, and the phases with the current one marked. */
export function Header({ right = null }: { right?: string | null }): ReactNode {
  const { view, outline } = use(ScreenContext);
  const { size } = use(ScreenContext);
  const place = view.target?.space ?? outline?.target ?? null;
  const target = place === null ? (view.target?.project ?? null) : describePlace(place).name;
  const entries = outline === null ? [] : phaseEntries(view, outline);
  const current = entries.findIndex(({ state }) => state === 'current');
  const step = current < 0 ? null : `step ${current + 1} of ${entries.length}`;
  if (!isRoomy(size)) {
    const title =
      current < 0 ? view.command : `● ${entries[current]?.title ?? ''} ${current + 1}/${entries.length}`;
    return <TwoSided left={title} right={right ?? target ?? ''} />;
  }
  const name = ['rag-space-setup', ...(outline === null ? [view.command] : [])].join(' ').trim();
  return (
    <>
      <TwoSided left={name} right={[target, right ?? step].filter((part) => part !== null).join(' · ')} />
      {entries.length === 0 ? null : <PhaseRow entries={entries} />}
    </>
  );
}

function TwoSided({ left, right }: { left: string; right: string }): ReactNode {
  const { view } = use(ScreenContext);
  const { columns } = use(ScreenContext).size;
  const [strong, dim, warn] = [useTone('strong'), useTone('dim'), useTone('warn')];
  return (
    <Box width={Math.min(columns, 80)} justifyContent="space-between" columnGap={2}>
      <Box flexShrink={0}>
        {view.rehearsal ? (
          <Text {...warn} bold>
            {'REHEARSAL  '}
          </Text>
        ) : null}
        <Text {...strong}>{left}</Text>
      </Box>
      <Text {...dim} wrap="truncate">
        {right}
      </Text>
    </Box>
  );
}

function PhaseRow({ entries }: { entries: ReturnType<typeof phaseEntries> }): ReactNode {
  const styles = { done: useTone('good'), current: useTone('strong'), next: useTone('dim') };
  const dim = styles.next;
  return (
    <Text wrap="truncate">
      {entries.map(({ title, state }, index) => (
        <Text key={title}>
          {index === 0 ? null : <Text {...dim}>{' ━━━ '}</Text>}
          <Text {...styles[state]}>{`${signs[state]} ${title}`}</Text>
        </Text>
      ))}
    </Text>
  );
}
