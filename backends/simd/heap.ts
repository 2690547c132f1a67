/** An allocator of addresses in a linear memory: first fit, neighbours that are free become one. Nothing here is WASM's. */

/** Blocks start at multiples of this; a cache line. */
export const ALIGNMENT = 64

/** The book of what is free between `start` and an end that may move. */
export interface Heap {
  /** The address of `bytes` free bytes, or undefined if no gap is large enough. */
  readonly take: (bytes: number) => number | undefined
  /** Gives back what `take` gave for the same number of bytes. */
  readonly give: (address: number, bytes: number) => void
  /** Moves the end. */
  readonly extend: (end: number) => void
  /** Bytes taken now, and at most so far. */
  readonly usage: () => { readonly live: number; readonly peak: number }
}

/** Bytes that a request really takes. */
export const rounded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** An empty heap. */
export const heap = (start: number): Heap => {
  const gaps: { at: number; size: number }[] = [] // by address, never adjacent
  let end = start
  let live = 0
  let peak = 0
  const insert = (at: number, size: number): void => {
    let low = 0
    for (let high = gaps.length; low < high;) {
      const middle = (low + high) >>> 1
      if ((gaps[middle] as { at: number }).at < at) low = middle + 1
      else high = middle
    }
    const [before, after] = [gaps[low - 1], gaps[low]]
    const joinsAfter = after !== undefined && at + size === after.at
    if (before !== undefined && before.at + before.size === at) {
      before.size += size + (joinsAfter ? after.size : 0)
      if (joinsAfter) gaps.splice(low, 1)
    } else if (joinsAfter) {
      after.at = at
      after.size += size
    } else gaps.splice(low, 0, { at, size })
  }
  return {
    take: bytes => {
      const size = rounded(bytes)
      let index = 0
      while (index < gaps.length && (gaps[index] as { size: number }).size < size) index++
      const gap = gaps[index]
      if (!gap) return undefined
      const { at } = gap
      gap.at += size
      gap.size -= size
      if (gap.size === 0) gaps.splice(index, 1)
      live += size
      peak = Math.max(peak, live)
      return at
    },
    give: (address, bytes) => {
      if (bytes === 0) return
      live -= rounded(bytes)
      insert(address, rounded(bytes))
    },
    extend: to => {
      if (to > end) insert(end, to - end)
      end = Math.max(end, to)
    },
    usage: () => ({ live, peak })
  }
}
