import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALIGNMENT, heap, rounded } from './heap.js'

test('blocks never overlap, lie inside, and all comes back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 2000 }), frees: fc.nat(), give: fc.boolean() }), {
        maxLength: 200
      }),
      steps => {
        const [start, end] = [4096, 4096 + 64 * ALIGNMENT]
        const book = heap(start)
        book.extend(end)
        const taken: { at: number; bytes: number }[] = []
        for (const { bytes, frees, give } of steps) {
          if (give && taken.length > 0) {
            const [block] = taken.splice(frees % taken.length, 1)
            book.give(block!.at, block!.bytes)
            continue
          }
          const at = book.take(bytes)
          const free = end - start - taken.reduce((sum, b) => sum + rounded(b.bytes), 0)
          if (at === undefined) {
            if (taken.length === 0) expect(rounded(bytes)).toBeGreaterThan(free)
            continue
          }
          expect(at % ALIGNMENT).toBe(0)
          expect(at >= start && at + bytes <= end).toBe(true)
          for (const b of taken) expect(at + rounded(bytes) <= b.at || b.at + rounded(b.bytes) <= at).toBe(true)
          taken.push({ at, bytes })
          expect(book.usage().live).toBe(taken.reduce((sum, b) => sum + rounded(b.bytes), 0))
        }
        for (const { at, bytes } of taken) book.give(at, bytes)
        expect(book.usage().live).toBe(0)
        expect(book.take(end - start)).toBe(start) // neighbours have become one again
      }
    ),
    { numRuns: 500 }
  )
})

test('it grows at its end, and joins what is free there', () => {
  const book = heap(0)
  book.extend(128)
  expect([book.take(64), book.take(128)]).toEqual([0, undefined])
  book.extend(256)
  expect(book.take(192)).toBe(64)
  expect(book.usage()).toEqual({ live: 256, peak: 256 })
})
