// Compiles backends/simd/assembly and embeds the result in backends/simd/: `npm run kernels`. With --check it only says whether
// what is embedded is what the sources give: by the SHA-256 of compiler, flags, sources and result that stands beside the result,
// and where the environment says KERNELS=compile by compiling them.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { wordsOf } from './words.mjs'

const assembly = 'backends/simd/assembly'
const flags = [
  '-O3',
  '--converge',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--memoryBase',
  '1024',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--disableWarning',
  '112'
]
const fused = ['--enable', 'relaxed-simd', '--use', 'RELAXED=1']

const compiled = async (shared, relaxed) => {
  const { default: asc } = await import('assemblyscript/asc')
  let code
  const { error, stderr } = await asc.main(
    [
      `${assembly}/index.ts`,
      ...flags,
      ...(shared ? ['--sharedMemory'] : []),
      ...(relaxed ? fused : []),
      '--outFile',
      'out.wasm'
    ],
    { writeFile: (name, contents) => void (name.endsWith('.wasm') && (code = Buffer.from(contents))) }
  )
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  process.stderr.write(stderr.toString())
  return code
}

/** Where two builds differ: the one byte that says whether the memory is shared. */
const flagAt = (a, b) => {
  const places = [...a.keys()].filter(i => a[i] !== b[i])
  if (a.length !== b.length || places.length !== 1) throw new Error('The builds differ in more than the flag.')
  return places[0]
}

/** What a file says of its origin: the digest of all that it was made of, and of what was made. */
const originOf = async body => {
  const hash = createHash('sha256')
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
  hash.update(JSON.stringify([devDependencies.assemblyscript, flags, fused]))
  for (const name of (await readdir(assembly)).filter(n => n.endsWith('.ts')).sort())
    hash.update(`${name}\n${await readFile(`${assembly}/${name}`, 'utf8')}`)
  return `// Made by npm run kernels from ${assembly}. Do not edit.\n// SHA-256 of compiler, flags, sources and what follows: ${hash.update(body).digest('hex')}\n`
}

const places = { binary: 'backends/simd/binary.ts', relaxed: 'backends/simd/relaxed.ts' }
const stale = name => new Error(`${name} is not what its sources give: npm run kernels`)

const check = async () => {
  for (const name of Object.values(places)) {
    const text = await readFile(name, 'utf8')
    const body = text.slice(text.indexOf('/**'))
    if (text !== (await originOf(body)) + body) throw stale(name)
  }
}

const files = async () => {
  const strict = await compiled(true, false)
  const relaxed = await compiled(true, true)
  const flag = flagAt(strict, await compiled(false, false))
  if (flag !== flagAt(relaxed, await compiled(false, true))) throw new Error('The flag lies at two places.')
  const lines = code =>
    deflateRawSync(code, { level: 9 })
      .toString('base64')
      .replace(/.{118}/g, '$&\\\n')
  const file = async (name, what, code, rest = '') => {
    const body = `/** ${what} */\nexport const ${name}: string = \`${lines(code)}\`\n${rest}`
    return [places[name], (await originOf(body)) + body]
  }
  return [
    await file(
      'binary',
      'The kernels, deflated, in base64.',
      strict,
      `/** The byte that says whether the memory is shared: 3, or 1 where it is not. */\nexport const sharedFlag = ${flag}\n`
    ),
    await file('relaxed', 'The kernels with fused multiplication and addition, deflated, in base64.', relaxed)
  ]
}

/** The kernels in a file: those of equal sources are equal, however they were deflated. */
const kernelsIn = text => inflateRawSync(Buffer.from(/`([^`]*)`/.exec(text)[1].replace(/\\\n/g, ''), 'base64'))

const checking = wordsOf('npm run kernels [-- --check]', words => words.every(word => word === '--check')).length > 0
if (checking) await check()
if (!checking || process.env.KERNELS === 'compile') {
  for (const [name, text] of await files()) {
    if (!checking) await writeFile(name, text)
    else if (!kernelsIn(await readFile(name, 'utf8')).equals(kernelsIn(text))) throw stale(name)
  }
}
console.log(`kernels: ${checking ? 'as their sources give them' : 'made'}`)
