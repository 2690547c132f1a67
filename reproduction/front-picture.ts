/** The front as a picture. Pure. */
import type { Panel, PanelLegend, PanelLine } from '../reports/panels.js'
import { panelsPicture } from '../reports/panels.js'
import { standalone } from '../reports/path-picture.js'
import type { FrontCell } from './front-compare.js'
import type { MethodName } from './front-methods.js'

type Look = Pick<PanelLine, 'colour' | 'hollow'>

/** Models by colour: the large MLP is one of the MLPs. */
const models: Readonly<Record<string, Look & { readonly name: string }>> = {
  sagp: { name: 'SAGP', colour: 0, hollow: false },
  dense: { name: 'dense GP', colour: 1, hollow: false },
  mlp: { name: 'MLP', colour: 2, hollow: false },
  softmax: { name: 'softmax', colour: 3, hollow: false },
  mlp6: { name: 'MLP of Table 6', colour: 2, hollow: true }
}

/** Ways to get sparse by shape. */
const ways: Readonly<Record<string, PanelLegend['shapes'][number]>> = {
  gmp: { name: 'GMP', shape: 'circle' },
  set: { name: 'SET', shape: 'square' },
  rigl: { name: 'RigL', shape: 'triangle' },
  snip: { name: 'SNIP', shape: 'diamond' }
}

const lineOf = (method: MethodName, cells: readonly FrontCell[]): PanelLine => {
  const [model = '', way = ''] = method.split('-')
  const { colour, hollow } = models[model] as Look
  const points = cells
    .filter(cell => cell.method === method)
    .map(({ effectiveSynapses, score }) => ({ x: Math.max(1, effectiveSynapses), y: score.mean, error: score.error }))
  return { name: method, colour, hollow, shape: ways[way]?.shape ?? 'circle', points }
}

/** F1-micro against effective synapses: a panel a data set, a line a method. */
export const frontPicture = (cells: readonly FrontCell[]): string => {
  const of = <K extends keyof FrontCell>(key: K, some: readonly FrontCell[]): readonly FrontCell[K][] => [
    ...new Set(some.map(cell => cell[key]))
  ]
  const panels = of('data', cells).map((data): Panel => {
    const here = cells.filter(cell => cell.data === data)
    const lines = of('method', here).map(method => lineOf(method, here))
    return { title: data, numbers: [...of('synapses', here)].sort((a, b) => a - b), lines }
  })
  const known = of('method', cells).map(method => method.split('-'))
  const legend: PanelLegend = {
    colours: Object.entries(models).flatMap(([key, model]) => (known.some(([name]) => name === key) ? [model] : [])),
    shapes: Object.entries(ways).flatMap(([key, way]) => (known.some(([, name]) => name === key) ? [way] : []))
  }
  const title = 'Test F1-micro by effective synapses'
  return `${standalone(panelsPicture(title, 'F1-micro ± standard error', panels, legend))}\n`
}
