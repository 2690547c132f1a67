/** The front as a picture. Pure. */
import type { Panel, PanelLine } from '../reports/panels.js'
import { panelsPicture } from '../reports/panels.js'
import { standalone } from '../reports/path-picture.js'
import type { FrontCell } from './front-compare.js'
import type { MethodName } from './front-methods.js'
import { sourceOf } from './front-methods.js'

/** Models by colour: the large MLP is one of the MLPs. */
const models: Readonly<Record<string, Pick<PanelLine, 'model' | 'colour' | 'hollow'>>> = {
  sagp: { model: 'SAGP', colour: 0, hollow: false },
  dense: { model: 'dense GP', colour: 1, hollow: false },
  mlp: { model: 'MLP', colour: 2, hollow: false },
  'dense-swift': { model: 'dense, as SAGP', colour: 1, hollow: true },
  softmax: { model: 'softmax', colour: 3, hollow: false },
  mlp6: { model: 'MLP of Table 6', colour: 2, hollow: true }
}

/** Ways to get sparse by shape. */
const ways: Readonly<Record<string, Pick<PanelLine, 'way' | 'shape'>>> = {
  gmp: { way: 'GMP', shape: 'circle' },
  set: { way: 'SET', shape: 'square' },
  rigl: { way: 'RigL', shape: 'triangle' },
  snip: { way: 'SNIP', shape: 'diamond' },
  lasso: { way: 'lasso', shape: 'cross' }
}

const lineOf = (method: MethodName, cells: readonly FrontCell[]): PanelLine => {
  const [model = '', way = ''] = method.split('-')
  const points = cells
    .filter(cell => cell.method === method)
    .map(({ effectiveSynapses, score }) => ({ x: Math.max(1, effectiveSynapses), y: score.mean, error: score.error }))
  const look = (models[method] ?? models[model]) as (typeof models)[string]
  return { name: method, ...look, ...(ways[way] ?? { way: '', shape: 'circle' }), points }
}

/** F1-micro against effective synapses: a panel a data set, a line a method; turned data are in the page alone. */
export const frontPicture = (all: readonly FrontCell[]): string => {
  const cells = all.filter(({ data }) => sourceOf(data) === data)
  const of = <K extends keyof FrontCell>(key: K, some: readonly FrontCell[]): readonly FrontCell[K][] => [
    ...new Set(some.map(cell => cell[key]))
  ]
  const panels = of('data', cells).map((data): Panel => {
    const here = cells.filter(cell => cell.data === data)
    const lines = of('method', here).map(method => lineOf(method, here))
    return { title: data, numbers: [...of('synapses', here)].sort((a, b) => a - b), lines }
  })
  const title = 'Test F1-micro by effective synapses'
  return `${standalone(panelsPicture(title, 'F1-micro ± standard error', panels))}\n`
}
