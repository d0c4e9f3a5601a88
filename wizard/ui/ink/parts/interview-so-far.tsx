import { Box } from 'ink';
import { use, type ReactNode } from 'react';
import { FoldedKeys, KeyList } from './key-list.tsx';
import { ScreenContext } from './screen-context.ts';
import { StepList } from './step-list.tsx';
import { TargetRow } from './target-row.tsx';
import { isRoomy } from './window.ts';

/** The keys and targets so far, above a question or a wait: the checklist while keys are checked, else folded. */
export function InterviewSoFar({ isWaiting = false }: { isWaiting?: boolean }): ReactNode {
  const { view, outline, size } = use(ScreenContext);
  // After a failure the steps are what matters.
  if (view.steps.some(({ state }) => state !== 'waiting'))
    return (
      <Box flexDirection="column" marginBottom={isRoomy(size) ? 1 : 0}>
        <StepList room={isRoomy(size) ? 6 : 4} />
      </Box>
    );
  if (outline === null) return null;
  if (isWaiting && outline.phase === 'keys' && isRoomy(size)) return <KeyList current={null} />;
  return (
    <Box flexDirection="column" marginBottom={isRoomy(size) && !isWaiting ? 1 : 0}>
      <FoldedKeys />
      <TargetRow />
    </Box>
  );
}
