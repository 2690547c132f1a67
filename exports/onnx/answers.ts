/** What outputs mean, in operators of ai.onnx: as estimators/predictions.ts has it. */
import { doubles } from './features.js'
import type { Graph } from './graph.js'
import { elementTypes } from './messages.js'
import type { Program } from '../program.js'

/** What comes out under which names. */
export const answerNames: Readonly<Record<Program['kind'], readonly string[]>> = {
  classes: ['label', 'probabilities'],
  labels: ['labels', 'probabilities'],
  numbers: ['values']
}

/** Whether probabilities are at least a threshold. */
const isFrom = (graph: Graph, p: string, threshold: number): string =>
  graph.node('GreaterOrEqual', [p, graph.constant('threshold', { type: 'float', shape: [1], values: [threshold] })])

/** The same of the second class alone, `[N]`. */
const secondFrom = (graph: Graph, p: string, threshold: number): string => {
  const second = graph.constant('second', { type: 'int64', shape: [], values: [1] })
  return isFrom(graph, graph.node('Gather', [p, second], { axis: { int: 1 } }), threshold)
}

/** Ends a graph with the answers that outputs z, `[N, outputs]` in Float32, mean. */
export const answersIn = (graph: Graph, { kind, outputs, targets, threshold }: Program, z: string): void => {
  const width = outputs.length
  switch (kind) {
    case 'classes': {
      const about = `${targets[0] ?? 'class'}: probabilities of its classes`
      const p = graph.output({ name: 'probabilities', type: 'float', width, about }, 'Softmax', [z], {
        axis: { int: 1 }
      })
      const index =
        threshold === undefined
          ? graph.node('ArgMax', [z], { axis: { int: 1 }, keepdims: { int: 0 } })
          : graph.node('Cast', [secondFrom(graph, p, threshold)], { to: { int: elementTypes.int64 } })
      const names = graph.constant('classes', {
        type: 'string',
        shape: [width],
        values: outputs.map(({ name }) => name)
      })
      graph.output({ name: 'label', type: 'string', about: targets[0] ?? 'class' }, 'Gather', [names, index])
      return
    }
    case 'labels': {
      const about = 'probability of each label'
      const p = graph.output({ name: 'probabilities', type: 'float', width, about }, 'Sigmoid', [z])
      const given = isFrom(graph, p, threshold ?? 0.5)
      const port = { name: 'labels', type: 'int64', width, about: '1 where a label is given, else 0' } as const
      graph.output(port, 'Cast', [given], { to: { int: elementTypes.int64 } })
      return
    }
    case 'numbers': {
      const row = (name: string, values: readonly number[]): string =>
        graph.constant(name, { type: 'double', shape: [1, width], values })
      const units = outputs.map(({ factor }) => (factor === 0 ? 0 : 1 / factor))
      const scaled = graph.node('Mul', [doubles(graph, z), row('unit', units)])
      const origins = outputs.map(({ offset }) => offset)
      const port = { name: 'values', type: 'double', width, about: 'numbers in their own units' } as const
      graph.output(port, 'Add', [scaled, row('origin', origins)])
    }
  }
}
