// A real browser: vite's dev server, and what vite builds, in headless Chromium. What a page prints is what its console says.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { files, lineOf, pageOf, runLine, skip, versionOf } from './folder.mjs'
import { rows, threads } from './programs.mjs'

/** Where systems put a browser; CHROMIUM names another. */
const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Threads share memory, which a page may only when it is isolated; a worker of modules is one that loads others on demand. */
const settings = `
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const input = ['index', 'table', 'alive', 'threads', 'worker'].map(name => name + '.html')
export default {
  worker: { format: 'es' },
  server: { headers, host: '127.0.0.1', port: 0 },
  preview: { headers, host: '127.0.0.1', port: 0 },
  build: { rollupOptions: { input } }
}
`

/** A page reads a table. */
const table = `
import { readCsv } from 'sagp/data'
const { right: sheet } = readCsv('a,b\\n1,x\\n2,y\\n', 'the page')
console.log(sheet.columns.map(column => column.name).join(' '))
`

/** Timers run while a page trains, one of them ends the training, and what was learnt is there. */
const alive = `
import { fitClassifier } from 'sagp'
import { rows, kinds } from './rows.js'
let ticks = 0
const clock = setInterval(() => ticks++, 20)
const enough = new AbortController()
setTimeout(() => enough.abort(), 600)
const model = await fitClassifier(rows, kinds, { epochs: 1_000_000, signal: enough.signal })
clearInterval(clock)
const { epoch } = model.stored.state.clock
console.log(ticks >= 5 && epoch > 0 && epoch < 1_000_000 && (await model.score(rows, kinds)) > 0.1 ? 'alive' : ticks + ' ticks, epoch ' + epoch)
`

const worker = `
const worker = new Worker(new URL('./thread.js', import.meta.url), { type: 'module' })
worker.onmessage = ({ data }) => console.log('heard ' + data)
worker.onerror = error => console.log('no worker: ' + error.message)
`
const thread = `
import { fitClassifier } from 'sagp'
import { rows, kinds } from './rows.js'
const heard = []
const model = await fitClassifier(rows, kinds, { epochs: 20, onEpoch: ({ epoch }) => heard.push(epoch) })
self.postMessage(heard.length)
`

const write = folder => {
  files(folder, { 'vite.config.js': settings })
  for (const [name, text] of Object.entries({ table, alive, threads, worker }))
    files(folder, { [`${name}.js`]: text, [`${name}.html`]: pageOf(name) })
  files(folder, { 'rows.js': rows, 'thread.js': thread })
}

/** Starts a server by its line and waits until it says where it is; gives the address and how to end it. */
const serve = (folder, line) =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1' }
    const server = spawn(line, { cwd: folder, shell: true, detached: true, env })
    let said = ''
    const hear = text => {
      said += text
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0]
      if (address !== undefined) resolve({ address, end: () => process.kill(-server.pid) })
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
    server.on('exit', code => reject(new Error(`${line} ended with ${code}: ${said}`)))
  })

/** What a page says until it has said `lines` lines; an error of the page is thrown. */
const heard = async (browser, address, lines) => {
  const page = await browser.newPage()
  try {
    return await new Promise((resolve, reject) => {
      const said = []
      page.on('console', message => {
        if (message.type() === 'error') reject(new Error(`${address}: ${message.text()}`))
        if (message.type() === 'log' && said.push(message.text()) === lines) resolve(`${said.join('\n')}\n`)
      })
      page.on('pageerror', error => reject(new Error(`${address}: ${error.message}`)))
      page.goto(address).catch(reject)
      setTimeout(() => reject(new Error(`${address} is silent`)), 60_000).unref()
    })
  } finally {
    await page.close()
  }
}

const answers = { table: 'a b\n', alive: 'alive\n', threads: 'the same\n', worker: 'heard 20\n' }

/** Opens every page of a server. */
const visit = async ({ folder, expected }, line) => {
  const executablePath = places.find(place => place !== undefined && existsSync(place))
  if (executablePath === undefined) return skip('no Chromium here: apt-get install chromium, or CHROMIUM=PATH')
  const { chromium } = createRequire(join(folder, '-.js'))('playwright-core')
  const { address, end } = await serve(folder, line)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const printed = await heard(browser, address, expected.split('\n').length - 1)
    for (const [name, wanted] of Object.entries(answers)) {
      const said = await heard(browser, `${address}${name}.html`, 1)
      if (said !== wanted) throw new Error(`the page ${name} says ${said}`)
    }
    return { version: `${versionOf(folder, 'vite')} in Chromium ${browser.version()}`, printed }
  } finally {
    await browser.close()
    end()
  }
}

/** Pages by vite, as it serves them while one works on them, and as it builds them. */
export const browsers = [
  {
    name: 'Chromium, vite dev server',
    packages: { vite: '8.3.8', 'playwright-core': '1.65.1' },
    use: place => {
      write(place.folder)
      return visit(place, lineOf('vite'))
    }
  },
  {
    name: 'Chromium, vite build',
    packages: { vite: '8.3.8', 'playwright-core': '1.65.1' },
    use: place => {
      write(place.folder)
      runLine(place.folder, 'vite build')
      return visit(place, 'npx vite preview')
    }
  }
]
