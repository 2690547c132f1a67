import { expect, test } from 'vitest'
import { lineChart } from './chart.js'
import { pathPicture, standalone } from './path-picture.js'

const places = (svg: string, kind: string): readonly (readonly [number, number])[] =>
  [...svg.matchAll(new RegExp(`<circle class="dot ${kind}" cx="([\\d.]+)" cy="([\\d.]+)"`, 'g'))].map(
    ([, x, y]) => [Number(x), Number(y)] as const
  )

test('scores stand over synapses, ten times as many always as far away', () => {
  const svg = pathPicture(
    [
      { synapses: 1000, validation: 0.9, test: 0.8 },
      { synapses: 10, validation: 0.5, test: NaN },
      { synapses: 100, validation: 0.7, test: 0.6 }
    ],
    'F1-micro'
  )
  const [ten, hundred, thousand] = places(svg, 's0') as [[number, number], [number, number], [number, number]]
  expect(thousand[0] - hundred[0]).toBeCloseTo(hundred[0] - ten[0], 1)
  expect(ten[1] - hundred[1]).toBeCloseTo(hundred[1] - thousand[1], 1)
  expect(ten[1]).toBeGreaterThan(hundred[1])
  expect(places(svg, 's1')).toHaveLength(2)
  expect(svg).toContain('<title>100 synapses, test 0.6000</title>')
  expect(svg).not.toContain('NaN')
})
test.each([
  [0.862, 0.968],
  [0.701, 0.949],
  [-0.31, 0.02],
  [0.9, 0.9]
])('scores from %d to %d have ticks, one of them at or below the lowest', (worst, best) => {
  const svg = pathPicture(
    [
      { synapses: 100, validation: worst, test: worst },
      { synapses: 900, validation: best, test: best }
    ],
    'R2'
  )
  const heights = [...svg.matchAll(/<line class="grid"[^>]* y1="([\d.]+)"/g)].map(([, y]) => Number(y))
  expect(heights.length).toBeGreaterThanOrEqual(3)
  const lowest = Math.max(...places(svg, 's0').map(([, y]) => y))
  expect(Math.max(...heights)).toBeGreaterThanOrEqual(lowest)
  expect(Math.max(...heights) - lowest).toBeLessThanOrEqual(Math.abs((heights[1] ?? NaN) - (heights[0] ?? NaN)))
})
test('is a picture of one network too, or of none', () => {
  for (const points of [[], [{ synapses: 7, validation: 0.5, test: 0.5 }], [{ synapses: 0, validation: 1, test: 1 }]])
    expect(pathPicture(points, 'R2')).not.toMatch(/NaN|Infinity/)
})
test.each([
  [[7], ['7']],
  [
    [597, 612],
    ['597', '612']
  ],
  [
    [90, 600],
    ['100', '200', '500']
  ]
])('numbers of synapses as %j are written below, as round ones where there are some', (numbers, written) => {
  const svg = pathPicture(
    numbers.map(synapses => ({ synapses, validation: 0.5, test: 0.5 })),
    'R2'
  )
  const below = [...svg.matchAll(/class="tick" text-anchor="middle">(\d+)</g)].map(([, text]) => text)
  expect(below).toEqual(written)
})
test('is a file of its own with the colours of a page', () => {
  expect(standalone('<svg a="b"><g></g></svg>')).toMatch(
    /^<svg a="b"><style>.*<\/style><rect [^>]*><\/rect><g><\/g><\/svg>$/s
  )
})
test('what begins in a chart is a line, but for the first, and named where there is room, by its number where there is less', () => {
  const xs = Array.from({ length: 100 }, (_, i) => i + 1)
  const bounds = [
    { at: 1, name: '1 life', short: '1' },
    { at: 50, name: '2 brief', short: '2' },
    { at: 52, name: '3 consolidate', short: '3' },
    { at: 91, name: '4 prune', short: '4' },
    { at: 96, name: '5 prune', short: '5' }
  ]
  const svg = lineChart(xs, [{ name: 'a', values: xs }], { title: 't', xLabel: 'epoch', bounds })
  expect(svg.match(/class="ideal"/g)).toHaveLength(4)
  const names = [...svg.matchAll(/y="53"[^>]*>([^<]*)</g)].map(([, name]) => name)
  expect(names).toEqual(['1 life', '3 consolidate', '4', '5'])
})
