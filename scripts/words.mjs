// The words after a command of the repository, if it takes them; else how it is used, and the end.

/** What was asked for. Help that is asked for ends with 0, words that do not fit with 2. */
export const wordsOf = (usage, fits) => {
  const words = process.argv.slice(2)
  const helped = words.includes('--help') || words.includes('-h')
  if (!helped && fits(words)) return words
  console[helped ? 'log' : 'error'](`usage: ${usage}`)
  process.exit(helped ? 0 : 2)
}
