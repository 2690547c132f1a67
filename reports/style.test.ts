/** Everything on a page can be told from its ground, in light and in dark. */
import { describe, expect, test } from 'vitest'
import type { Palette } from './style.js'
import { DEEPEST_SHADE, palettes, style } from './style.js'

type Colour = readonly [number, number, number]

const parsed = (hex: string): Colour => {
  const n = Number.parseInt(hex.slice(1), 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

/** Relative luminance, as WCAG 2.2 defines it. */
const luminance = (colour: Colour): number => {
  const [r, g, b] = colour.map(c => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

const contrast = (a: Colour, b: Colour): number => {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

test('contrast is that of WCAG: 21 for black on white, 4.54 for #767676', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10)
  expect(contrast(parsed('#767676'), [255, 255, 255])).toBeCloseTo(4.54, 2)
})

describe.each(Object.entries(palettes))('%s', (_, palette: Palette) => {
  const paper = parsed(palette.paper)
  test('text, and the legends in the colours of their curves, stand out by 4.5 : 1', () => {
    for (const name of ['ink', 'soft', 'c0', 'c1', 'c2', 'c3'] as const)
      expect(contrast(parsed(palette[name]), paper), name).toBeGreaterThanOrEqual(4.5)
  })
  test('ink stands out by 4.5 : 1 upon the deepest shade that has a number on it', () => {
    const shade = parsed(palette.c0).map((c, i) => DEEPEST_SHADE * c + (1 - DEEPEST_SHADE) * paper[i]!)
    expect(contrast(parsed(palette.ink), shade as unknown as Colour)).toBeGreaterThanOrEqual(4.5)
  })
})

test('nothing is drawn in a colour of its own, nor made transparent', () => {
  const colours = Object.values(palettes).flatMap(palette => Object.values(palette) as string[])
  const used = style.match(/#[0-9a-f]{3,8}/gi) ?? []
  expect(used.filter(colour => !colours.includes(colour))).toEqual([])
  expect(style).not.toMatch(/opacity|rgba?\(/)
  // the one colour without contrast separates rows and marks scales; nothing is told by it
  expect(
    style.match(/[^;{}]*\{[^{}]*var\(--line\)[^{}]*\}/g)!.map(rule => rule.slice(0, rule.indexOf('{')).trim())
  ).toEqual(['th,td', 'svg .grid'])
})
