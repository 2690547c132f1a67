/** The size of a measured problem, as command line and as value. */

/** Rows, inputs, hidden neurons, outputs, steps; and how. */
export interface Setting {
  readonly B: number
  readonly I: number
  readonly H: number
  readonly O: number
  readonly L: number
  /** BatchNorm: 0 or 1. */
  readonly bn: number
  readonly dropout: number
  readonly threads: number
  /** Rows of a mini-batch; 0 is all of them at once. */
  readonly batch: number
  /** Living synapses of a consolidation. */
  readonly alive: number
}

/** FSDD's size, with the dropout of the paper's Table 4. */
export const fsdd: Setting = {
  ...{ B: 1800, I: 180, H: 128, O: 10, L: 3, bn: 0, dropout: 0.4, threads: 1, batch: 0 },
  alive: 4000
}
/** Fashion-MNIST's size, in mini-batches, with the settings of Table 4. */
export const fashion: Setting = { ...fsdd, B: 60_000, I: 784, bn: 1, dropout: 0, batch: 500 }
/** A full batch and neurons enough to fill a GPU. */
export const wide: Setting = { ...fsdd, B: 7200, I: 784, H: 512 }
/** CIFAR-10's. */
export const cifar: Setting = { ...fashion, B: 50_000, I: 3072 }

/** A setting as the arguments that every contestant understands, whatever its language. */
export const argumentsOf = (setting: Setting): readonly string[] =>
  Object.entries(setting).flatMap(([name, value]) => [`--${name}`, String(value)])

/** The setting that arguments describe; what they leave out is as with FSDD. */
export const settingOf = (args: readonly string[]): Setting => {
  const of = (name: keyof Setting): number => {
    const i = args.indexOf(`--${name}`)
    return i < 0 ? fsdd[name] : Number(args[i + 1])
  }
  const [B, I, H, O, L] = [of('B'), of('I'), of('H'), of('O'), of('L')]
  const [bn, dropout, threads, batch, alive] = [of('bn'), of('dropout'), of('threads'), of('batch'), of('alive')]
  return { B, I, H, O, L, bn, dropout, threads, batch, alive }
}
