/** sagp export, import and card: what they write, what they take, what they refuse. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { folder, put, sagpHere, table } from './spawn.js'

const dir = folder()
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, out, err } = await sagpHere(dir, [...args, '--json'])
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out) as Record<string, unknown>
}
const refusal = async (...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await sagpHere(dir, args)
  expect(code).not.toBe(0)
  expect(out).toBe('')
  return err.trimEnd()
}

beforeAll(async () => {
  put(dir, 'kinds.csv', table())
  const asked = ['--epochs', '80', '--target-synapses', '20', '--quiet', '--out', 'run']
  expect((await sagpHere(dir, ['train', 'kinds.csv', ...asked])).code).toBe(0)
}, 60_000)

describe('sagp export', () => {
  const formats = ['json', 'onnx', 'js', 'c', 'python', 'formula', 'dot', 'graphml', 'csv', 'tensorboard']

  test('writes each of its formats, and says their bytes', async () => {
    for (const format of formats) {
      const { files } = (await json('export', 'run', '--to', format, '--out', 'all')) as {
        files: { path: string; bytes: number; gzip: number }[]
      }
      for (const { path, bytes, gzip } of files) {
        expect(readFileSync(join(dir, path)).length, path).toBe(bytes)
        expect(gzip).toBeGreaterThan(0)
      }
    }
    expect(readdirSync(join(dir, 'all')).sort()).toEqual(
      [
        ...['events.out.tfevents.0.run', 'run-neurons.csv', 'run-synapses.csv', 'run.d.ts', 'run.dot', 'run.graphml'],
        ...['run.h', 'run.js', 'run.json', 'run.onnx', 'run.py', 'run.tex', 'run.txt']
      ].sort()
    )
  })

  test('gives the answers that predict gives', async () => {
    await json('export', 'run', '--to', 'js', '--name', 'kinds')
    const path = pathToFileURL(join(dir, 'run', 'exports', 'kinds.js')).href
    const { predictRow } = (await import(path)) as {
      predictRow: (row: Readonly<Record<string, string>>) => { class: string }
    }
    const [head = '', ...rows] = table().split('\n')
    const names = head.split(',')
    const given = rows.map(row => Object.fromEntries(row.split(',').map((cell, j) => [names[j] as string, cell])))
    const { rows: predicted } = (await json('predict', 'run', 'kinds.csv')) as { rows: string[][] }
    expect(given.map(row => predictRow(row).class)).toEqual(predicted.map(([kind]) => kind))
  })

  test('says what fewer bits cost, and what a header takes of a microcontroller', async () => {
    const { loss, memory } = (await json('export', 'run', '--to', 'c', '--quantize', 'int4')) as {
      loss: { metric: string; before: number; after: number; rows: number }
      memory: { flash: number; ram: number }
    }
    expect(loss).toMatchObject({ metric: 'f1Micro', rows: 18 })
    const { best } = (await json('evaluate', 'run')) as { best: { test: { f1Micro: number } } }
    expect(loss.before).toBeCloseTo(best.test.f1Micro, 10)
    expect(memory.flash).toBeGreaterThan(0)
    const { err } = await sagpHere(dir, ['export', 'run', '--to', 'c', '--quantize', 'int4'])
    expect(err).toMatch(/F1-micro on 18 test rows: [\d.]+, [\d.]+ with all bits \(lost: -?[\d.]+\)/)
    expect(err).toMatch(/flash [\d,]+ bytes of tables, code on top; RAM [\d,]+ bytes, the input on top/)
  })

  test('refuses formats and bits that there are not', async () => {
    expect(await refusal('export', 'run', '--to', 'jsn')).toMatch(/^sagp: --to: .*json/)
    expect(await refusal('export', 'run', '--to', 'c', '--quantize', 'int2')).toMatch(/^sagp: --quantize: .*int8/)
    expect(await refusal('export', 'run', '--to', 'tensorboard', '--quantize', 'int8')).toMatch(
      /curves have no weights/
    )
    expect(await refusal('export', 'run')).toMatch(/^sagp: --to: .*json, onnx, js/)
    expect(await refusal('export', 'run', '--to', 'dot', '--quantize', 'int8')).toBe(
      'sagp: dot: it cannot hold weights as int8. Only js and c can.'
    )
  })
})

describe('sagp import', () => {
  test('reads back what export wrote: it answers, is judged, shown and exported alike', async () => {
    await json('export', 'run', '--to', 'json', '--out', 'documents')
    const read = await json('import', join('documents', 'run.json'), '--out', 'theirs')
    expect(read).toMatchObject({ network: 'theirs', inputs: 3, outputs: 3 })
    const { rows } = (await json('predict', 'run', 'kinds.csv')) as { rows: string[][] }
    const { rows: again } = (await json('predict', 'theirs', 'kinds.csv')) as { rows: string[][] }
    expect(again.map(([kind]) => kind)).toEqual(rows.map(([kind]) => kind))
    const own = (await json('evaluate', 'run', 'kinds.csv')) as { f1Micro: number }
    expect(await json('evaluate', 'theirs', 'kinds.csv')).toMatchObject({ rows: 90, f1Micro: own.f1Micro })
    await json('export', 'theirs', '--to', 'json', '--out', 'documents', '--name', 'again')
    const text = (name: string): string => readFileSync(join(dir, 'documents', name), 'utf8')
    expect(text('again.json')).toBe(text('run.json'))
    expect((await json('inspect', 'theirs'))['inputs']).toHaveLength(3)
  })

  test('is refused by what needs a run', async () => {
    const why =
      'it is an imported network, without the masks, moments and data of a run. ' +
      'Predict, evaluate, inspect, card and export take it; all else needs a run.'
    for (const words of [
      ['resume', 'theirs'],
      ['fork', 'theirs'],
      ['train', 'kinds.csv', '--from', 'theirs']
    ])
      expect(await refusal(...words)).toBe(`sagp: theirs: ${why}`)
    expect(await refusal('evaluate', 'theirs')).toMatch(/^sagp: theirs: an imported network has no data of its own\./)
    expect(await refusal('predict', 'theirs@3', 'kinds.csv')).toMatch(/has no epochs, stages or --use/)
    expect(await refusal('export', 'theirs', '--to', 'tensorboard')).toMatch(/no curves of its training/)
  })

  test('writes over nothing of anybody, and reads no other document', async () => {
    mkdirSync(join(dir, 'mine'))
    put(join(dir, 'mine'), 'notes.txt', 'mine')
    const document = join('documents', 'run.json')
    expect(await refusal('import', document, '--out', 'mine')).toMatch(/^sagp: --out mine: it holds something else\./)
    expect(await refusal('import', document, '--out', 'run')).toMatch(/^sagp: --out run: it holds something else\./)
    put(dir, 'other.json', '{"format": "another"}')
    expect(await refusal('import', 'other.json', '--out', 'none')).toMatch(/^sagp: other\.json: /)
    expect(existsSync(join(dir, 'none'))).toBe(false)
  })
})

describe('sagp card', () => {
  test('tells of data, scores beside a baseline, columns, exports, settings', async () => {
    const card = await json('card', 'run')
    const { best, baseline } = (await json('evaluate', 'run')) as {
      best: { epoch: number; test: object }
      baseline: { test: object }
    }
    expect(card).toMatchObject({
      ...{ format: 'sagp-card', version: 1, unused: expect.any(Array) as unknown },
      task: { kind: 'classes', targets: ['kind'], outputs: ['blue', 'green', 'red'] },
      training: { epoch: best.epoch, rows: { training: 54, validation: 18, test: 18 }, settings: { seed: 1 } },
      scores: [{ part: 'validation' }, { part: 'test', rows: 18, baseline: baseline.test }]
    })
    const { digest } = (await json('evaluate', `run@${best.epoch}`)) as { digest: string }
    expect((card['training'] as { digest: string }).digest).toBe(digest)
    expect(best.test).toMatchObject((card['scores'] as { metrics: object }[])[1]?.metrics ?? {})
    expect(Object.keys((card['scores'] as { metrics: object }[])[1]?.metrics ?? {})).toContain('f1Micro')
    const { exports: written, latencies } = card as {
      exports: { format: string; precision: string }[]
      latencies: { formats: { format: string; microseconds?: number; notRun?: string }[] }
    }
    expect(written.filter(({ format }) => format === 'js').map(({ precision }) => precision)).toEqual([
      'float32',
      'int8',
      'int4'
    ])
    const [js, ...others] = latencies.formats
    expect(js?.microseconds).toBeGreaterThan(0)
    for (const other of others) expect(other.microseconds ?? other.notRun, other.format).toBeTruthy()
  })

  test('is Markdown for people, and JSON where a file is called so', async () => {
    const { out } = await sagpHere(dir, ['card', 'run'])
    expect(out).toMatch(/^# run\n\nA self-assembling graph perceptron: /)
    expect(out).toContain('| test (18 rows) | F1-micro |')
    await sagpHere(dir, ['card', 'run', '--out', 'card.json'])
    expect(JSON.parse(readFileSync(join(dir, 'card.json'), 'utf8'))).toMatchObject({ name: 'run' })
  })

  test('of an imported network tells what it holds', async () => {
    const card = await json('card', 'theirs')
    expect(card).not.toHaveProperty('training')
    expect(card).toMatchObject({ scores: [], remarks: ['an imported network: nothing is known of its training'] })
    expect((await sagpHere(dir, ['card', 'theirs'])).out).toMatch(/^# theirs\n\nAn imported network: /)
  })

  test('calls a rival what it is', async () => {
    for (const [model, said] of [
      ['mlp=1,4', 'A multilayer perceptron: '],
      ['softmax', 'A linear model (softmax): ']
    ] as const) {
      await sagpHere(dir, ['train', 'kinds.csv', '--model', model, '--epochs', '5', '--out', 'rival', '--fresh'])
      expect((await sagpHere(dir, ['card', 'rival'])).out, model).toContain(`\n${said}`)
    }
  })
})

test('neurons that are constants, and their synapses, which go into biases, are told from those of effect wherever both are known', async () => {
  const asked = ['--model', 'dense', '--sparse', 'gmp', '--target-synapses', '5', '--epochs', '30', '--out', 'constant']
  const { code, out } = await sagpHere(dir, ['train', 'kinds.csv', ...asked])
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^last[^\n]* 5$/m) as string })
  await json('export', 'constant', '--to', 'json')
  const document = readFileSync(join(dir, 'constant', 'exports', 'constant.json'), 'utf8')
  const { synapses, hidden } = JSON.parse(document) as { synapses: { weight: number[] }; hidden: unknown[] }
  const summary = JSON.parse(readFileSync(join(dir, 'constant', 'summary.json'), 'utf8')) as {
    best: { topology: { effectiveNeurons: number } }
  }
  const { effectiveNeurons } = summary.best.topology
  expect(hidden.length).toBeLessThan(effectiveNeurons)
  const left = synapses.weight.length
  expect(left).toBeLessThan(5)
  const told = [
    `${left} synapses (5 of effect, those of constants are in biases)`,
    `${hidden.length} hidden neuron${hidden.length === 1 ? '' : 's'} (${effectiveNeurons} of effect, constants are in biases)`
  ]
  for (const [verb, ...flags] of [['card'], ['inspect'], ['export', '--to', 'json']] as const) {
    const { out, err } = await sagpHere(dir, [verb, 'constant', ...flags])
    const said = `${out}${err}`.replace(/\s+/g, ' ')
    for (const words of told) expect(said, verb).toContain(words)
    if (verb === 'card') expect(out).toContain('\nA dense graph perceptron made sparse by gmp: ')
  }
  const size = { synapses: left, effectiveSynapses: 5, effectiveNeurons }
  expect(await json('card', 'constant')).toMatchObject({ size })
  expect(await json('export', 'constant', '--to', 'json')).toMatchObject({ ...size, neurons: hidden.length })
  expect(await json('inspect', 'constant')).toMatchObject(size)
})
