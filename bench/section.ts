/** What is measured: groups of contestants that are asked in turn. */
import { fileURLToPath } from 'node:url'
import { python } from './machine.js'
import type { Setting } from './setting.js'
import { argumentsOf, cifar, fashion, fsdd, wide } from './setting.js'

/** A subject to be started. */
export interface Entry {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

/** Contestants of one contest. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly entries: readonly Entry[]
}

const subject = fileURLToPath(new URL('./subject.js', import.meta.url))
const peer = fileURLToPath(new URL('../../bench/peer_torch.py', import.meta.url))

/** One of ours. `name` is what tables call it. */
export const ours = (name: string, kind: string, backend: string, setting: Setting): Entry => ({
  name,
  command: process.execPath,
  args: [
    ...(backend === 'relaxed' ? ['--experimental-wasm-relaxed-simd'] : []),
    subject,
    kind,
    backend,
    ...argumentsOf(setting)
  ]
})

/** PyTorch's. */
export const torch = (name: string, kind: string, setting: Setting): Entry => ({
  name,
  command: python,
  args: [peer, kind, ...argumentsOf(setting)]
})

const sizes = [450, 1800, 7200].flatMap(B => [16, 64, 128].map(H => ({ B, H })))

/** Epochs by size, with and without BatchNorm. */
const grid = (withTorch: boolean, chosen: readonly { readonly B: number; readonly H: number }[]): readonly Section[] =>
  [0, 1].flatMap(bn =>
    chosen.map(({ B, H }) => {
      const setting = { ...fsdd, B, H, bn }
      return {
        id: `grid B${B} H${H} bn${bn}`,
        title: `epoch, B ${B}, H ${H}${bn ? ', BatchNorm' : ''}`,
        entries: [
          ours('simd', 'sagp', 'simd', setting),
          ours('wasm', 'sagp', 'wasm', setting),
          ...(B === 450 && H === 16 ? [ours('reference', 'sagp', 'reference', setting)] : []),
          ...(withTorch ? [torch('torch', 'dense', setting)] : [])
        ]
      }
    })
  )

/** All sections, or with `quick` the most telling ones. */
export const sections = (withTorch: boolean, quick: boolean): readonly Section[] => {
  const peers = (name: string, kind: string, setting: Setting): readonly Entry[] =>
    withTorch ? [torch(name, kind, setting)] : []
  const still = { ...fsdd, dropout: 0 }
  const rows = { ...fsdd, B: 600 }
  const row = { ...fsdd, B: 1 }
  const main: readonly Section[] = [
    {
      id: 'epoch',
      title: "epoch at FSDD's size, dropout 0.4",
      entries: [
        ours('simd', 'sagp', 'simd', fsdd),
        ours('products', 'products', 'simd', fsdd),
        ours('mlp', 'mlp', 'simd', fsdd),
        ...peers('torch', 'dense', fsdd),
        ...peers('torch mlp', 'mlp', fsdd)
      ]
    },
    {
      id: 'batchnorm',
      title: 'the same with BatchNorm',
      entries: [ours('simd', 'sagp', 'simd', { ...fsdd, bn: 1 }), ...peers('torch', 'dense', { ...fsdd, bn: 1 })]
    },
    {
      id: 'still',
      title: 'the same without dropout',
      entries: [
        ours('simd', 'sagp', 'simd', still),
        ours('products', 'products', 'simd', still),
        ...peers('torch', 'dense', still)
      ]
    },
    ...[0, 0.2].map((dropout): Section => {
      const setting = { ...fsdd, dropout }
      return {
        id: `consolidation ${dropout}`,
        title: `consolidation, masks fixed, dropout ${dropout}: so many synapses alive of 42,376`,
        entries: [
          ours('dense', 'sagp', 'simd', setting),
          ...[4000, 1500].map(alive => ours(`${alive} alive`, 'consolidation', 'simd', { ...setting, alive })),
          ...peers('torch', 'dense', setting)
        ]
      }
    }),
    {
      id: 'threads',
      title: 'threads',
      entries: [1, 2].map(threads => ours(`${threads}`, 'sagp', 'simd', { ...fsdd, threads }))
    },
    {
      id: 'rows',
      title: 'answers for 600 rows, a tenth of the synapses alive',
      entries: [
        ours('sparse', 'sparse', 'simd', rows),
        ours('dense', 'dense', 'simd', rows),
        ours('tfjs', 'plain', 'tfjs', rows)
      ]
    },
    {
      id: 'row',
      title: 'answers for 1 row, a tenth of the synapses alive',
      entries: [
        ours('sparse', 'sparse', 'simd', row),
        ours('dense', 'dense', 'simd', row),
        ours('tfjs', 'plain', 'tfjs', row)
      ]
    }
  ]
  const slow: readonly Section[] = [
    {
      id: 'slow',
      title: "epoch at FSDD's size: the slow ways",
      entries: [
        ours('simd', 'sagp', 'simd', fsdd),
        ours('wasm', 'sagp', 'wasm', fsdd),
        ours('autograd', 'autograd', 'tfjs', fsdd),
        ...peers('edges', 'scatter', fsdd)
      ]
    },
    {
      id: 'relaxed',
      title: 'relaxed SIMD (fused multiplication and addition; bits differ between processors)',
      entries: [ours('simd', 'sagp', 'simd', fsdd), ours('relaxed', 'sagp', 'relaxed', fsdd)]
    },
    ...[
      { ...row, I: 64, H: 36, alive: 300 },
      { ...row, H: 32, alive: 1500 }
    ].map((setting): Section => ({
      id: `exports ${setting.alive}`,
      title: `single rows of ${setting.I} inputs: exports of ${setting.alive} synapses, and dense networks of ${setting.H} hidden neurons`,
      entries: [
        ours('js', 'export js', 'none', setting),
        ours('brain.js', 'brain', 'none', setting),
        ours('tfjs', 'plain', 'tfjs', setting),
        ours('onnxruntime-node', 'export onnx', 'none', setting)
      ]
    }))
  ]
  const places = (
    [
      ['fsdd', "FSDD's size", { ...fsdd, dropout: 0.4 }],
      ['wide', '7,200 rows, 784 inputs, 512 neurons', wide],
      ['fashion', "Fashion-MNIST's size, batches of 500", fashion],
      ['cifar', "CIFAR-10's size, batches of 500", cifar]
    ] as const
  ).map(([id, title, setting]): Section => ({
    id: `places ${id}`,
    title: `an epoch of ${title}, on every backend that is here`,
    entries: [
      ...(['simd', 'wasm', 'node', 'cuda', 'webgpu'] as const).map(name => ours(name, 'sagp', name, setting)),
      ...peers('torch', 'dense', setting)
    ]
  }))
  return quick
    ? [...main, ...grid(withTorch, [{ B: 450, H: 16 }]).slice(0, 1)]
    : [...main, ...slow, ...places, ...grid(withTorch, sizes)]
}
