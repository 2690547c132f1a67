/** Whether probabilities can be believed, as a picture. */
import { axesOf, linear, margins } from './axes.js'
import type { CalibrationBin } from './scores.js'
import { drawing, element, label } from './svg.js'

const [WIDTH, HEIGHT] = [420, 340] as const

/** How often what is said with a probability is so: a dot for each bin that has rows, the larger the more of them. */
export const reliabilityPicture = (bins: readonly CalibrationBin[]): string => {
  const { left, right, top, bottom } = margins
  const x = linear(0, 1, left, WIDTH - right)
  const y = linear(0, 1, HEIGHT - bottom, top)
  const all = bins.reduce((sum, { rows }) => sum + rows, 0)
  const dots = bins
    .filter(({ rows }) => rows > 0)
    .map(({ rows, confidence, frequency }) =>
      element(
        'circle',
        { class: 'dot s0', cx: x(confidence), cy: y(frequency), r: 3 + 12 * Math.sqrt(rows / all) },
        element('title', {}, `${rows}: said ${confidence.toFixed(2)}, so in ${frequency.toFixed(2)}`)
      )
    )
  const ideal = element('line', { class: 'ideal', x1: x(0), y1: y(0), x2: x(1), y2: y(1) })
  const places = [0, 0.2, 0.4, 0.6, 0.8, 1]
  const axes = axesOf({
    ...{ width: WIDTH, height: HEIGHT, x, y, xTicks: places, yTicks: places },
    ...{ xLabel: 'probability', yLabel: 'share that is so' }
  })
  const title = 'Can probabilities be believed?'
  return drawing(WIDTH, HEIGHT, title, [label(8, 16, title, { class: 'title' }), axes, ideal, ...dots].join(''))
}
