/** Files and features that other libraries made (values.py), for tests. */
import { readFileSync } from 'node:fs'

interface Array_ {
  readonly file: string
  readonly shape: readonly number[]
  readonly data: readonly (number | string)[]
}

/** What values.json holds. */
export interface Reference {
  readonly npy: Readonly<Record<string, Array_>>
  readonly archives: Readonly<Record<'plain' | 'deflated' | 'csr', string>>
  readonly sounds: Readonly<
    Record<string, { readonly file: string; readonly rate: number; readonly samples: readonly number[] }>
  >
  readonly clips: Readonly<
    Record<
      string,
      {
        readonly file: string
        readonly rate: number | 'native'
        readonly frames: number
        readonly features: string
      }
    >
  >
}

/** The stored values. */
export const stored: Reference = JSON.parse(
  readFileSync(new URL('./values.json', import.meta.url), 'utf8')
) as Reference

/** The bytes of a stored file. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), c => c.charCodeAt(0))
