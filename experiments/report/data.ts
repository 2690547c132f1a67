/** How were the data read? */
import type { ColumnProfile, TableProfile } from '../../data/profile.js'
import { paragraph, section, tableOf } from '../../reports/html.js'
import { escape } from '../../reports/svg.js'
import type { ReportParts } from './parts.js'
import { counted } from './parts.js'

const MOST_COLUMNS = 60
const LETTERS = 60

/** Targets first, then what is not learned from, then what is: of many columns those are the news. */
const rank = ({ role }: ColumnProfile): number => (role === 'target' ? 0 : role === 'feature' ? 2 : 1)

const columnsOf = ({ columns, remarks }: TableProfile): readonly string[] => {
  const shown = columns.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_COLUMNS)
  const rows = shown.map(({ name, kind, role, why, missing, features }) => [
    name,
    kind,
    role === 'feature' ? counted(features.length, 'input') : role,
    [...(missing > 0 ? [`${missing} missing`] : []), ...(why === '' ? [] : [why])].join('; ')
  ])
  const more = columns.length > shown.length ? `, the first ${shown.length} of ${columns.length}` : ''
  return [
    paragraph(`What each column was taken for, and why${more}:`),
    tableOf([['column', 'is', 'use', 'why'], ...rows], { most: LETTERS, words: true }),
    remarks.length === 0 ? '' : `<ul>${remarks.map(remark => `<li>${escape(remark)}</li>`).join('')}</ul>`
  ]
}

/** Rows by part, what is learned; of a table of one's own what each column was taken for, and what was left out. */
export const dataSection = ({ dataset, profile }: ReportParts): string => {
  const { training, validation, test, features, targets, task } = dataset
  const parts = `${validation.rows.length} for validation, ${test.rows.length} for test`
  const many = task.outputs.length
  const learned = {
    classes: `one of ${counted(many, 'class', 'classes')}`,
    labels: counted(many, 'label'),
    numbers: counted(many, 'number')
  }[task.kind]
  return section('How were the data read?', [
    paragraph(
      `${counted(training.rows.length, 'row')} for training, ${parts}; ${counted(features.length, 'input')}. Learned: ${targets.join(', ')}, ${learned}.`
    ),
    ...(profile ? columnsOf(profile) : [])
  ])
}
