// What vitest's JSON reports say: the ten slowest test files, what was skipped, and how many tests passed and failed.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

const reports = process.argv.slice(2).map(path => JSON.parse(readFileSync(path, 'utf8')))
const files = reports.flatMap(report => report.testResults)
const slowest = files.map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
slowest.sort((a, b) => b.seconds - a.seconds)
console.log('\nThe slowest test files, in seconds:')
for (const { name, seconds } of slowest.slice(0, 10))
  console.log(`${seconds.toFixed(1).padStart(7)}  ${relative(process.cwd(), name)}`)

const tests = files.flatMap(file => file.assertionResults)
const count = status => tests.filter(test => test.status === status).length
// a file that cannot be loaded has no test that could fail
const broken = files.filter(file => file.status === 'failed' && !file.assertionResults.some(t => t.status === 'failed'))
const skipped = tests.filter(test => test.status !== 'passed' && test.status !== 'failed')
for (const test of skipped) console.log(`not run: ${test.fullName}`)
console.log(`\n${count('passed')} passed, ${count('failed') + broken.length} failed`)
