import type { Section } from '../../server/collection/section.ts';

type SampleSection = { url: string; title: string; headings: string[]; content: string };

const samples: SampleSection[] = [
  {
    url: '/docs/sensors/lidar#range',
    title: 'Lidar',
    headings: ['Range and resolution'],
    content:
      'A lidar measures distance with pulses of light. The range of a small lidar is about twelve metres, and its angular resolution is one degree.',
  },
  {
    url: '/docs/sensors/cameras#stereo',
    title: 'Cameras',
    headings: ['Stereo cameras'],
    content:
      'A stereo camera compares two pictures and computes depth from their disparity. It needs texture and light.',
  },
  {
    url: '/docs/control/pid#tuning',
    title: 'PID control',
    headings: ['Tuning', 'Ziegler and Nichols'],
    content:
      'To tune a PID controller, raise the proportional gain until the loop oscillates, then halve it. The integral removes the steady error.',
  },
  {
    url: '/docs/ros/nodes#publish',
    title: 'ROS nodes',
    headings: ['Publishing a topic'],
    content:
      'A node publishes messages on a topic. Create the publisher once, and call publish in a timer callback.',
  },
  {
    url: '/docs/power/batteries#charging',
    title: 'Batteries',
    headings: ['Charging'],
    content:
      'Charge lithium batteries at one coulomb or less, below forty five degrees, and never unattended.',
  },
];

/** A book about robots of five sections, one page each. */
export const sampleSections: Section[] = samples.map((sample, position) => ({
  ...sample,
  id: `00000000-0000-4000-8000-${String(position + 1).padStart(12, '0')}`,
  kind: 'section',
  anchor: sample.url.split('#')[1] ?? null,
  source: `${sample.url.split('#')[0]?.slice(1)}.md`,
  lines: [3, 9],
  position,
  previous: null,
  next: null,
  hash: String(position).padStart(32, '0'),
  locale: 'en',
  version: 'current',
}));
