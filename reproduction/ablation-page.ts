/** The ablation as Markdown. Pure. */
import type { Compared, Fold } from './ablation-rules.js'
import { ruleText } from './ablation-rules.js'
import { variants } from './ablation-variants.js'
import { difference, digits, signed, table } from './markdown.js'
import { missingText } from './work.js'

/** All that is told of the ablation. */
export interface AblationReport {
  readonly command: string
  /** Of sagp and of processors that results were made with. */
  readonly versions: readonly string[]
  readonly processors: readonly string[]
  readonly problems: readonly string[]
  readonly trainings: number
  /** Trainings that are not finished. */
  readonly missing: number
  /** Of one thread. */
  readonly hours: number
  readonly compared: readonly Compared[]
  readonly folds: readonly Fold[]
}

const choiceText = ({ variant, rule }: Pick<Compared, 'variant' | 'rule'>): string => {
  const differing = [
    ...(variant === 'preset' ? [] : [variants[variant].what]),
    ...[ruleText(rule)].filter(t => t !== '')
  ]
  return differing.length === 0 ? variants.preset.what : differing.join('; ')
}

const isPreset = ({ variant, rule }: Compared): boolean => choiceText({ variant, rule }) === variants.preset.what

const comparedRow = (c: Compared): readonly string[] => [
  choiceText(c),
  ...[String(c.problems), digits(c.score, 4), digits(c.preset.score, 4), isPreset(c) ? '' : signed(c.gap)],
  ...[digits(c.ratio, 3), digits(c.preset.ratio, 3)]
]

/** The preset's score on a problem, and what is gained or lost without each ingredient. */
const problemRow =
  (ingredients: readonly Compared[]) =>
  (problem: string): readonly string[] => [
    problem,
    ...ingredients.map(c => {
      const [score = NaN, preset = NaN] = [c.scores[problem], c.preset.scores[problem]]
      return isPreset(c) ? digits(score, 4) : difference(score - preset)
    })
  ]

const foldRow = (f: Fold): readonly string[] => [
  f.left.join(', '),
  choiceText(f),
  ...[f.score, f.preset, f.worst].map(v => digits(v, 4))
]

/** The page. */
export const ablationPage = (report: AblationReport): string => {
  const { command, versions, processors, problems, trainings, missing, hours, compared, folds } = report
  const ingredients = compared.filter(({ rule }) => ruleText(rule) === '')
  return [
    '# What the ingredients of `swift` are worth',
    '',
    `Made by \`${command}\` with sagp ${versions.join(' and ')} on ${processors.join(' and ')}, one thread: ${trainings} trainings of ` +
      `${digits(hours, 1)} hours.${missing > 0 ? ` **${missingText(missing)}.**` : ''}`,
    '',
    `F1-micro of classes and R2 of numbers, means over ${problems.length} problems of means over seeds from 101 on (large problems have one). ` +
      'Networks learn from training rows; which of those at the ends of the stages is used is chosen by one half of the validation rows and ' +
      'judged by the other, both ways; differences are paired by problem, with the standard error over problems. No test row is looked at. Synapses are effective ones, by the weights of perceptrons of 100 hidden neurons.',
    '',
    ...table(
      ['what differs', 'problems', 'score', 'the preset on the same', 'difference', 'synapses', 'of the preset'],
      compared.map(comparedRow)
    ),
    '## By problem',
    '',
    'The score of the preset, and how much higher it is without an ingredient.',
    '',
    ...table(['problem', ...ingredients.map(({ variant }) => variant)], problems.map(problemRow(ingredients))),
    '## Chosen by cross-validation over problems',
    '',
    'A third of the problems is left out; variant and rule are chosen by the others, among those of at most a tenth of the weights.',
    '',
    ...table(['left out', 'chosen by the others', 'its score', 'the preset', 'the worst choice'], folds.map(foldRow)),
    `Problems: ${problems.join(', ')}.`,
    ''
  ].join('\n')
}
