/** Which inputs matter? */
import type { Importance, InputImportance } from '../../estimators/importance.js'
import type { Bar } from '../../reports/bars.js'
import { barsPicture } from '../../reports/bars.js'
import { figure, paragraph, section, sideBySide } from '../../reports/html.js'
import { pixelMap } from '../../reports/shades.js'
import { cut } from '../../reports/svg.js'
import { metricName, metricText } from '../summary-cells.js'
import type { ReportParts } from './parts.js'
import { counted, someOf } from './parts.js'

const MOST_BARS = 20
const MOST_NAMED = 12
const LETTERS = 40

const ranked = (
  inputs: readonly InputImportance[],
  by: (input: InputImportance) => number | undefined
): readonly InputImportance[] =>
  inputs
    .filter(input => input.used && by(input) !== undefined)
    .toSorted((a, b) => (by(b) as number) - (by(a) as number) || b.strength - a.strength)

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

/** How many there are beyond those that are drawn, if any. */
const more = (all: number): string =>
  all > MOST_BARS ? ` The first ${MOST_BARS}; ${all - MOST_BARS} more are used.` : ''

/** A drop of a score: ten thousandths are enough, and of R2, which may fall without end, four digits. */
const dropText = (v: number | undefined): string => {
  if (v === undefined || Number.isNaN(v)) return '-'
  return Math.abs(v) < 1000 ? Number(v.toFixed(4)).toFixed(4) : String(Number(v.toPrecision(4)))
}

/** On which rows inputs were shuffled, and what was left out of it. */
const basis = ({ part, rows, of, repeats, inputs }: Importance, shown: string): string => {
  const where = rows < of ? `${rows} of the ${of} ${part} rows, drawn at random` : `the ${counted(of, `${part} row`)}`
  const left = inputs.filter(({ drop }) => drop === undefined).length
  const few =
    left > 0 ? ` ${counted(left, 'input')} of the least path strength ${left === 1 ? 'was' : 'were'} left out.` : ''
  const why = rows < of || left > 0 ? ' More would have taken long.' : ''
  return `Shuffled ${repeats} times among ${where}: ${shown}.${few}${why}`
}

const unused = ({ inputs }: Importance, named: boolean): string => {
  const names = inputs.filter(({ used }) => !used).map(({ name }) => cut(name, LETTERS))
  if (names.length === 0)
    return inputs.length === 1 ? 'The one input is used.' : `All ${inputs.length} inputs are used.`
  const which = named ? `: ${someOf(names, MOST_NAMED)}` : ''
  return `Nothing depends on ${names.length} of ${counted(inputs.length, 'input')}${which}.`
}

const lead = ({ score, metric, part, rows, of }: Importance, [first, second]: readonly InputImportance[]): string => {
  if (!first) return 'No input does: all rows get the same answer.'
  if (Number.isNaN(score)) return 'It cannot be said: the score is not a number.'
  const known = `${metricName(metric)} of ${metricText(score)} on ${rows < of ? `${rows} of ` : ''}the ${part} rows`
  if (!((first.drop?.mean ?? 0) > 0)) return `No input by itself: ${known} falls with none of them shuffled.`
  const next =
    second && (second.drop?.mean ?? 0) > 0 ? `, then ${cut(second.name, LETTERS)} (${dropText(second.drop?.mean)})` : ''
  return `Most of all ${cut(first.name, LETTERS)}: with its values shuffled, ${known} falls by ${dropText(first.drop?.mean)}${next}.`
}

/** The largest, in words, since shades have no scale. */
const strongest = (inputs: readonly InputImportance[], text: (input: InputImportance) => string): string =>
  inputs[0] ? ` The strongest shade, ${inputs[0].name}: ${text(inputs[0])}.` : ''

/** How much the score loses without each input, and how strongly each is tied to the outputs. */
export const inputsSection = ({ dataset: { image, features }, findings: { importance } }: ReportParts): string => {
  const { inputs, metric } = importance
  const byDrop = ranked(inputs, ({ drop }) => drop?.mean)
  const byStrength = ranked(inputs, ({ strength }) => strength)
  const [loss, strength] = [`What ${metricName(metric)} loses`, 'Share of the path strength']
  const dropBar = ({ name, drop }: InputImportance): Bar => ({
    name,
    value: drop?.mean ?? NaN,
    spread: drop?.deviation ?? 0,
    text: dropText(drop?.mean)
  })
  const strengthBar = (input: InputImportance): Bar => ({
    name: input.name,
    value: input.strength,
    text: percent(input.strength)
  })
  const dropSays = `${loss}. ${basis(importance, image ? 'the mean' : 'the mean, and below its bar the deviation')}`
  const strengthSays = `${strength}: the products of |weights| on all paths to an output, added up; dead ends count for nothing.`
  const drops = inputs.map(({ drop }) => drop?.mean ?? 0)
  const strengths = inputs.map(input => input.strength)
  const pictures = image
    ? [
        figure(pixelMap(loss, drops, image), dropSays + strongest(byDrop, ({ drop }) => dropText(drop?.mean))),
        figure(pixelMap(strength, strengths, image), strengthSays + strongest(byStrength, i => percent(i.strength)))
      ]
    : [
        figure(barsPicture(loss, byDrop.slice(0, MOST_BARS).map(dropBar)), dropSays + more(byDrop.length)),
        figure(
          barsPicture(strength, byStrength.slice(0, MOST_BARS).map(strengthBar)),
          strengthSays + more(byStrength.length)
        )
      ]
  const what = image ? 'pixel' : 'column'
  const together =
    features.length > inputs.length
      ? ` They make ${features.length} features; those of one ${what} are shuffled together.`
      : ''
  return section('Which inputs matter?', [
    paragraph(lead(importance, byDrop), 'lead'),
    paragraph(unused(importance, !image) + together),
    byStrength.length === 0 ? '' : sideBySide(pictures)
  ])
}
