/** Networks as documents of the format `sagp-network` 1, as network.schema.json describes it: how they are read. */
import * as E from 'fp-ts/lib/Either.js'
import type { Codec } from '../../codecs/strict.js'
import { boolean, choice, decode, list, number, optional, record, text, whole } from '../../codecs/strict.js'
import type { Activation } from '../../core/port/activation.js'
import { activationNames } from '../../core/port/activation.js'
import { shown } from '../../core/port/checks.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { TargetKind } from '../../core/port/objective.js'
import { parseBounded } from './bounded-json.js'
import { items } from './items.js'
import { programFault } from './network-rules.js'
import type { Program, ProgramInput, ProgramTable } from '../program.js'
import { EncodingCodec } from './table-codec.js'

/** What a document calls its format. */
export const NETWORK_FORMAT = 'sagp-network'
/** The version of it that is written and read. */
export const NETWORK_VERSION = 1

/** A hidden neuron in a document: its norms as two lists. */
export interface DocumentNeuron {
  readonly id: number
  readonly bias: number
  /** One for each step but the last; left out with `shift` where BatchNorm is folded into weights. */
  readonly scale?: readonly number[] | undefined
  readonly shift?: readonly number[] | undefined
}

/** An output in a document: offset and factor of numbers; 0 and 1 if left out. */
export interface DocumentOutput {
  readonly name: string
  readonly bias: number
  readonly offset?: number | undefined
  readonly factor?: number | undefined
}

/** Synapses in a document, each at one place of all three lists. */
export interface DocumentSynapses {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly weight: readonly number[]
}

/** A document. */
export interface NetworkDocument extends Pick<
  Program,
  'steps' | 'activation' | 'clampedInputs' | 'outputLoops' | 'kind' | 'targets' | 'threshold' | 'inputs' | 'table'
> {
  readonly format: typeof NETWORK_FORMAT
  readonly version: number
  readonly hidden: readonly DocumentNeuron[]
  readonly outputs: readonly DocumentOutput[]
  readonly synapses: DocumentSynapses
}

/** Most neurons of each kind, and most synapses. */
const [MOST_NEURONS, MOST_SYNAPSES] = [2 ** 21, 2 ** 22] as const
/** Most steps: what hyperparameters allow. */
const MOST_STEPS = 64
/** Most characters of a name. */
const LONGEST_NAME = 1_000_000
/** The largest Float32 number, as it is written. */
const LARGEST = 3.4028235e38

const real = number(-Infinity, Infinity)
const single = number(-LARGEST, LARGEST)
const name = text(LONGEST_NAME)
const place = whole(0, 3 * MOST_NEURONS)
const norms = optional(list(real, MOST_STEPS))

const DocumentCodec: Codec<NetworkDocument> = record<NetworkDocument>('a network', {
  format: choice(NETWORK_FORMAT),
  version: whole(NETWORK_VERSION, NETWORK_VERSION),
  steps: whole(1, MOST_STEPS),
  activation: choice<Activation>(...activationNames),
  clampedInputs: boolean,
  outputLoops: boolean,
  kind: choice<TargetKind>('classes', 'labels', 'numbers'),
  targets: items(name, MOST_NEURONS),
  threshold: optional(number(0, 1)),
  inputs: items(record<ProgramInput>('an input', { name, offset: real, factor: real }), MOST_NEURONS),
  hidden: items(
    record<DocumentNeuron>('a hidden neuron', { id: whole(0), bias: single, scale: norms, shift: norms }),
    MOST_NEURONS
  ),
  outputs: items(
    record<DocumentOutput>('an output', { name, bias: single, offset: optional(real), factor: optional(real) }),
    MOST_NEURONS
  ),
  synapses: record<DocumentSynapses>('synapses', {
    from: items(place, MOST_SYNAPSES),
    to: items(place, MOST_SYNAPSES),
    weight: items(single, MOST_SYNAPSES)
  }),
  table: optional(
    record<ProgramTable>('a table', { encoding: EncodingCodec, missing: items(text(), 1000) }) // as in a data card
  )
})

/** What is wrong with lists that are to be equally long, if anything is. */
const unequal = ({ hidden, synapses: { from, to, weight } }: NetworkDocument): string | undefined => {
  if (to.length !== from.length || weight.length !== from.length)
    return `synapses has ${from.length} from, ${to.length} to, ${weight.length} weight`
  const odd = hidden.findIndex(({ scale, shift }) => scale?.length !== shift?.length)
  return odd < 0
    ? undefined
    : `hidden.${odd} has ${hidden[odd]?.scale?.length ?? 0} scale, ${hidden[odd]?.shift?.length ?? 0} shift`
}

const programOfDocument = ({ format: _, version: __, ...d }: NetworkDocument): Program => ({
  ...d,
  hidden: d.hidden.map(({ id, bias, scale, shift }) => ({
    id,
    bias: Math.fround(bias),
    ...(scale ? { norms: scale.map((s, l) => ({ scale: s, shift: shift?.[l] as number })) } : {})
  })),
  outputs: d.outputs.map(({ offset = 0, factor = 1, ...output }) => ({
    ...{ name: output.name, bias: Math.fround(output.bias) },
    ...{ offset, factor }
  })),
  synapses: d.synapses.from.map((from, k) => ({
    from,
    to: d.synapses.to[k] as number,
    weight: Math.fround(d.synapses.weight[k] as number)
  }))
})

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === 'object' && u !== null

/**
 * The program that a document describes, given as text or as UTF-8. Whatever is wrong with it, be it hostile, is one failure
 * at `where`: JSON that is damaged, too large or too deep, a key unknown or given twice, another format or version, numbers
 * out of range, lists that do not add up, synapses out of order or twice, a table that makes other inputs.
 */
export const readNetwork = (given: string | Uint8Array, where: string): E.Either<Failure, Program> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', where, what, cure))
  const parsed = parseBounded(given, where)
  if (E.isLeft(parsed)) return parsed
  const head = isRecord(parsed.right) ? parsed.right : {}
  if (head['format'] !== NETWORK_FORMAT)
    return wrong(`it is no network: its format is not ${NETWORK_FORMAT}`, 'Give what sagp export RUN --to json wrote')
  if (typeof head['version'] === 'number' && head['version'] > NETWORK_VERSION)
    return wrong(
      `version ${shown(head['version'])} of ${NETWORK_FORMAT} is newer than ${NETWORK_VERSION}`,
      'Read it with a newer sagp'
    )
  const decoded = decode(DocumentCodec, where)(head)
  if (E.isLeft(decoded)) return decoded
  const lengths = unequal(decoded.right)
  if (lengths !== undefined) return wrong(lengths, 'Give as many of each')
  const program = programOfDocument(decoded.right)
  const fault = programFault(program)
  return fault ? wrong(...fault) : E.right(program)
}
