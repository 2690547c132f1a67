/** sagp data list, fetch and export: the public data sets. */
import { settle } from '../codecs/attempt.js'
import { choice, whole } from '../codecs/strict.js'
import { sources } from '../data/sources/index.js'
import { dataFolderFiles } from '../storage/data-folder.js'
import { dataFolder } from '../storage/environment.js'
import { exportFormats, tableCsv, tableNpz } from '../storage/export-table.js'
import { fetchSource } from '../storage/fetch.js'
import { writeWhole } from '../storage/files.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findSource } from './find-source.js'
import { flagValue } from './flag-value.js'
import { answer, columns, command, Exit, grouped } from './output.js'

/** sagp data list. Gives the exit code. */
export const listCommand = (options: DataOptions): Promise<number> => {
  const rows = sources.map(({ name, title, facts, division, terms }) => ({ name, title, ...facts, division, terms }))
  const text = columns(
    [
      ['name', 'samples', 'features', 'classes', ' what'],
      ...rows.map(r => [r.name, grouped(r.samples), grouped(r.features), String(r.classes), ` ${r.title}`])
    ].map(([a = '', b = '', c = '', d = '', e = '']) => [a, b, c, d, e.padEnd(80)])
  )
  answer(options, rows, `${text}\n\nfolder  ${dataFolder(options.dataDir)}`)
  return Promise.resolve(Exit.done)
}

/** sagp data fetch. Gives the exit code. */
export const fetchCommand = (
  name: string,
  options: DataOptions & { readonly mirror?: string; readonly force: boolean }
): Promise<number> =>
  command(async get => {
    const source = settle(findSource(name))
    const { mirror, force } = options
    const { files, table } = await get(fetchSource(source, { ...environmentOf(options), mirror, force }))
    const [samples] = table.x.shape
    const found = `${table.name}: ${grouped(samples)} samples, counts and class sizes as they should be`
    const text = [...files.map(f => `${f.path}: ${f.what}; checked by ${f.checked}`), found].join('\n')
    answer(options, { name: table.name, folder: dataFolder(options.dataDir), files, samples }, text)
    return Exit.done
  })

/** sagp data export. Gives the exit code. */
export const exportCommand = (
  name: string,
  options: DataOptions & { readonly to: string; readonly out?: string; readonly seed: string }
): Promise<number> =>
  command(async get => {
    const seed = settle(flagValue('--seed', whole(0), options.seed))
    const format = settle(flagValue('--to', choice(...exportFormats), options.to))
    const source = settle(findSource(name))
    const table = await get(source.load(dataFolderFiles(source.name, environmentOf(options))))
    const path = options.out ?? `${table.name}.${format}`
    await get(writeWhole(path, format === 'npz' ? tableNpz(table, seed) : tableCsv(table, seed)))
    const [samples, features] = table.x.shape
    answer(options, { name: table.name, out: path, samples, features }, path)
    return Exit.done
  })
