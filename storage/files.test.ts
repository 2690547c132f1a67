/** Where a whole file is written, and what becomes of whatever lay there. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import * as E from 'fp-ts/lib/Either.js'
import { settle } from '../codecs/attempt.js'
import { explain } from '../core/port/failure.js'
import { cacheFolder, dataFolder } from './environment.js'
import { writeWhole } from './files.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-files-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const at = (name: string): string => join(home, name)
const built = fileURLToPath(new URL('../dist/storage/files.js', import.meta.url))

describe('writing a file', () => {
  test('makes it and its folders, and leaves nothing else', async () => {
    settle(await writeWhole(at('a/b/c.csv'), 'x')())
    expect([readFileSync(at('a/b/c.csv'), 'utf8'), readdirSync(at('a/b'))]).toEqual(['x', ['c.csv']])
  })

  test('keeps the mode of the one that it replaces', async () => {
    for (const mode of [0o600, 0o664, 0o755]) {
      writeFileSync(at('mode'), 'old')
      chmodSync(at('mode'), mode)
      settle(await writeWhole(at('mode'), 'new')())
      expect([readFileSync(at('mode'), 'utf8'), statSync(at('mode')).mode & 0o777]).toEqual(['new', mode])
    }
  })

  test('follows links, those to links and to nothing yet too: they stay links', async () => {
    mkdirSync(at('elsewhere'))
    symlinkSync('elsewhere/answers.csv', at('link'))
    symlinkSync(at('link'), at('link-to-link'))
    for (const [name, content] of [
      ['link', 'first'],
      ['link-to-link', 'second']
    ] as const) {
      settle(await writeWhole(at(name), content)())
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true)
      expect(readFileSync(at('elsewhere/answers.csv'), 'utf8')).toBe(content)
    }
    expect(readdirSync(at('elsewhere'))).toEqual(['answers.csv'])
    symlinkSync('circle', at('circle'))
    expect(E.isLeft(await writeWhole(at('circle'), 'x')())).toBe(true)
  })

  test('refuses a folder by name', async () => {
    mkdirSync(at('folder'))
    const written = await writeWhole(at('folder'), 'x')()
    expect(E.isLeft(written) && explain(written.left)).toBe(
      `${at('folder')}: it is a folder. Name a file, not a folder.`
    )
    expect(readdirSync(at('folder'))).toEqual([])
  })

  test.skipIf(process.platform === 'win32')('writes into devices and pipes, which stay what they are', async () => {
    settle(await writeWhole('/dev/null', 'x')())
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    const full = existsSync('/dev/full') ? await writeWhole('/dev/full', 'x')() : undefined
    if (full)
      expect(full).toMatchObject({ left: { where: '/dev/full', what: expect.stringContaining('ENOSPC') as string } })
    const script = `import { writeWhole } from ${JSON.stringify(built)}; await writeWhole(process.argv[1], 'said\\n')()`
    const said = (command: string): string =>
      spawnSync('bash', ['-c', command, process.execPath, script, home], { encoding: 'utf8' }).stdout
    expect(said('"$0" --input-type=module -e "$1" /dev/stdout | cat')).toBe('said\n')
    // what a shell has opened to append to is not begun anew
    expect(said('cd "$2"; echo first > log; "$0" --input-type=module -e "$1" /dev/stdout >> log; cat log')).toBe(
      'first\nsaid\n'
    )
    expect(
      said('cd "$2"; mkfifo pipe; cat pipe & "$0" --input-type=module -e "$1" pipe; wait; ls -l pipe | cut -c1')
    ).toBe('said\np\n')
  })
})

test('who has no folder of their own is told what to set', () => {
  const { HOME, XDG_DATA_HOME, XDG_CACHE_HOME, SAGP_DATA_DIR, SAGP_CACHE_DIR } = process.env
  try {
    Object.assign(process.env, {
      HOME: '',
      XDG_DATA_HOME: '',
      XDG_CACHE_HOME: '',
      SAGP_DATA_DIR: '',
      SAGP_CACHE_DIR: ''
    })
    expect(() => dataFolder(undefined)).toThrow(
      'HOME: this user has no folder of their own. Set HOME, or SAGP_DATA_DIR.'
    )
    expect(() => cacheFolder()).toThrow('HOME: this user has no folder of their own. Set HOME, or SAGP_CACHE_DIR.')
    expect(dataFolder('mine')).toBe('mine')
  } finally {
    for (const [name, value] of Object.entries({
      HOME,
      XDG_DATA_HOME,
      XDG_CACHE_HOME,
      SAGP_DATA_DIR,
      SAGP_CACHE_DIR
    })) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
})
