// A page without a browser: runs a bundle of modules in a context that has what browsers have, and nothing of Node.
//     node --experimental-vm-modules page.mjs main.js
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { SourceTextModule, createContext } from 'node:vm'

const names = [
  ...[
    'TextEncoder',
    'TextDecoder',
    'atob',
    'btoa',
    'crypto',
    'performance',
    'URL',
    'Blob',
    'structuredClone',
    'console'
  ],
  ...[
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'queueMicrotask',
    'MessageChannel',
    'AbortController'
  ],
  ...['AbortSignal', 'DecompressionStream', 'CompressionStream', 'ReadableStream', 'Response', 'Event', 'EventTarget'],
  ...['WebAssembly', 'fetch', 'Worker']
]
// bundlers ask where they are, and whether modules can be loaded ahead
const page = {
  ...Object.fromEntries(names.map(name => [name, globalThis[name]])),
  location: new URL('https://page.test/main.js'),
  document: {
    currentScript: { tagName: 'SCRIPT', src: 'https://page.test/main.js' },
    createElement: () => ({ relList: { supports: () => true } })
  }
}
page.self = page
page.window = page
const context = createContext(page)

const modules = new Map()
const moduleOf = path => {
  if (!modules.has(path))
    modules.set(
      path,
      new SourceTextModule(readFileSync(path, 'utf8'), {
        context,
        identifier: path,
        initializeImportMeta: meta => (meta.url = 'https://page.test/main.js'),
        importModuleDynamically: async name => {
          const module = moduleOf(resolve(dirname(path), name))
          await started(module)
          return module
        }
      })
    )
  return modules.get(path)
}
const started = async module => {
  if (module.status === 'unlinked') await module.link((name, from) => moduleOf(resolve(dirname(from.identifier), name)))
  await module.evaluate()
}
await started(moduleOf(resolve(process.argv[2])))
