/** How did it grow? */
import { lineChart } from '../../reports/chart.js'
import type { Events } from '../../reports/chart.js'
import { figure, paragraph, section, sideBySide } from '../../reports/html.js'
import type { TrajectoryLine } from '../../estimators/trajectory.js'
import type { ReportParts } from './parts.js'
import { boundsOf, counted, usedOf } from './parts.js'

const xLabel = 'epoch'

const eventsOf = (
  trajectory: readonly TrajectoryLine[],
  what: 'births' | 'deaths'
): { readonly count: number; readonly events: Events } => {
  const count = trajectory.reduce((sum, line) => sum + line[what], 0)
  const at = trajectory.filter(line => line[what] > 0).map(({ epoch }) => epoch)
  return { count, events: { name: counted(count, what.slice(0, -1)), at } }
}

/** Neurons and synapses over the epochs, births and deaths as marks, and what of it all is of effect. */
export const growthSection = (parts: ReportParts): string => {
  const {
    evaluation: { summary },
    trajectory
  } = parts
  const [births, deaths] = [eventsOf(trajectory, 'births'), eventsOf(trajectory, 'deaths')]
  const { epoch, topology: t } = usedOf(summary)
  const [first] = trajectory
  const start = first ? first.living - first.births + first.deaths : t.living
  const lead =
    `From ${counted(start, 'hidden neuron')}: ${births.count} born, ${deaths.count} died. ` +
    `At epoch ${epoch}, which is used, ${t.living} live, ${t.open} of them are open, ${t.effectiveNeurons} of effect; ` +
    `of ${counted(t.synapses, 'open synapse')} ${t.effectiveSynapses} are of effect.`
  const xs = trajectory.map(line => line.epoch)
  const series = (name: string, f: (line: TrajectoryLine) => number): { name: string; values: number[] } => ({
    name,
    values: trajectory.map(f)
  })
  const neurons = lineChart(xs, [series('living', l => l.living), series('open', l => l.open)], {
    title: 'Hidden neurons',
    xLabel,
    below: births.events,
    above: deaths.events
  })
  const synapses = lineChart(xs, [series('open', l => l.synapses)], {
    title: 'Synapses',
    xLabel,
    bounds: boundsOf(parts)
  })
  const marks = (name: string, { events: { at } }: typeof births): string => `${name} in ${counted(at.length, 'epoch')}`
  return section('How did it grow?', [
    paragraph(lead, 'lead'),
    paragraph(
      'Of effect is what lies on a path of as many synapses as there are steps, from an input or a constant to an output.',
      'soft'
    ),
    trajectory.length === 0
      ? ''
      : sideBySide([
          figure(
            neurons,
            `Alive after each epoch, and open among them. Marks on the axis: ${marks('births', births)}; marks at the top: ${marks('deaths', deaths)}; those too close to be told apart are one.`
          ),
          figure(synapses, 'Open synapses, dead ends included; those that leave a closed neuron are not.')
        ])
  ])
}
