/** The engine against PyTorch's autograd and Adam: values.json was made by values.py. */
import { defaults } from '../../core/network/hyperparameters.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { batchOf } from '../../core/learning/batches.js'
import { engine } from '../../core/life/engine.js'
import { gradients } from '../../core/learning/gradients.js'
import { range } from '../../core/port/ndarray.js'
import * as P from '../../core/network/parameters.js'
import { restore } from '../../core/learning/state.js'
import { step } from '../../core/learning/trainable.js'
import { paperRule } from '../../rules/paper.js'
import { near } from '../compare.js'
import { dataOf } from '../network-case.js'
import type { Case } from './cases.js'
import { caseOf, networkCases } from './cases.js'

type Matrices = Readonly<Record<P.Name, readonly (readonly number[])[]>>
interface Stored {
  readonly given: Case
  readonly torch: {
    readonly task: number
    readonly auxiliary: number
    readonly gradient: Matrices
    /** Of the loss with respect to the inputs. */
    readonly dx: readonly (readonly number[])[]
    readonly updated: Matrices
  }
}

const stored = JSON.parse(readFileSync(new URL('values.json', import.meta.url), 'utf8')) as readonly Stored[]

describe.each(networkCases.map((s, i) => [i, s] as const))('case %i', (i, networkCase) => {
  const { given: expectedGiven, torch } = stored[i]!
  const array = (m: readonly (readonly number[])[]) => ({
    shape: [m.length, m[0]?.length ?? 0] as const,
    data: Float64Array.from(m.flat())
  })

  test('is the one that PyTorch was given', async () => {
    expect(JSON.parse(JSON.stringify((await caseOf(networkCase)).given))).toEqual({
      ...expectedGiven,
      hyperparameters: { ...defaults, ...expectedGiven.hyperparameters } // some came later
    })
  })

  test('has the losses, gradients and update of PyTorch', async () => {
    const b = reference()
    const h = networkCase.hyperparameters
    const e = engine(b, h, paperRule(h))
    const { state } = await caseOf(networkCase)
    const s = restore(b, state)
    const batch = batchOf(b, dataOf(b, networkCase), range(networkCase.rows))
    const { gradient, losses } = gradients(e, e.layer, s.model, s.clock, batch)
    const next = step(e)(s, batch).state
    expect((await b.download(losses.task)).data[0]).toBeCloseTo(torch.task, 10)
    expect((await b.download(losses.auxiliary)).data[0]).toBeCloseTo(torch.auxiliary, 10)
    const sampled = e.layer.sample(s.model, s.clock)
    const { y: z, residuals } = e.layer.forward(sampled, batch.x, batch.rows)
    const { gradient: dz } = b.kernels.taskLoss(h.loss, z, batch.y, batch.weights)
    const { dx } = e.layer.backward(sampled, residuals, dz, true, undefined)
    near('dx', await b.download(dx!), array(torch.dx), 1e-9)
    for (const name of P.names) {
      near(`gradient of ${name}`, await b.download(gradient[name]), array(torch.gradient[name]), 1e-9)
      // torch adds 1e-6 to the norm by which it clips
      near(
        name,
        await b.download(next.model.parameters[name]),
        array(torch.updated[name]),
        h.clipNorm > 0 ? 1e-6 : 1e-9
      )
    }
  })
})
