import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { load, YAMLException } from 'js-yaml'
import type { z } from 'zod'
import { BANK_FILE, BankAbout } from './bank-file.ts'
import type { BankIdentity } from './identity.ts'
import { undefinedWhenMissing } from './missing-file.ts'
import { danglingReferences } from './references.ts'
import { Case } from './schema.ts'
import { sha256Of } from './sha256.ts'

/** A folder of cases, all of them valid, in the order of their ids. */
export interface Bank {
  readonly name: string
  /** Absolute path of the folder. */
  readonly dir: string
  /** SHA-256 over the text of all case files; two banks with equal hash are the same bank. */
  readonly sha256: string
  readonly cases: readonly Case[]
  /** What `bank.yaml` says of the bank, where there is one; it is not part of the hash. */
  readonly about?: BankAbout
}

const BUILT_IN = new Set(['demo', 'bank'])
const MAX_FILE_CHARACTERS = 1_000_000
const loaded = new Map<string, Promise<Bank>>()

/**
 * Reads a bank once per process.
 *
 * @param nameOrDir `demo` or `bank` for the project's own, otherwise a folder of `*.yaml` files
 * @throws Error that lists every fault of every file as `file: field: fault`; also when the folder holds no case
 */
export function loadBank(nameOrDir: string): Promise<Bank> {
  const dir = BUILT_IN.has(nameOrDir) ? join(import.meta.dirname, nameOrDir) : resolve(nameOrDir)
  const known = loaded.get(dir)
  if (known !== undefined) return known
  const reading = readBank(dir)
  loaded.set(dir, reading)
  return reading
}

/** The bank to run: the variable `IMCBENCH_BANK` when it is set, otherwise what the configuration names, otherwise `demo`. */
export function chosenBank(configured?: string): string {
  return process.env.IMCBENCH_BANK || configured || 'demo'
}

/** What goes with each result to say which bank it came from. */
export function bankIdentity(bank: Bank): BankIdentity {
  const images = new Set(bank.cases.flatMap((one) => one.images.map((image) => image.sha256)))
  const version = bank.about === undefined ? {} : { version: bank.about.version }
  return { name: bank.name, ...version, sha256: bank.sha256, cases: bank.cases.length, images: images.size }
}

/**
 * The case of that id.
 *
 * @throws Error when the bank has no such case
 */
export function caseOf(bank: Bank, id: string): Case {
  const found = bank.cases.find((one) => one.id === id)
  if (found === undefined) throw new Error(`${bank.name}: requires a case of the bank, got ${id}`)
  return found
}

async function readBank(dir: string): Promise<Bank> {
  const name = basename(dir)
  const files = await caseFiles(dir)
  if (files.length === 0) throw new Error(`${dir}: requires at least one case file (*.yaml), got none`)
  const read = await Promise.all(files.map(async (file) => ({ file, ...(await readCase(join(dir, file))) })))
  const { about, faults: aboutFaults } = await readAbout(dir)
  const faults = [
    ...aboutFaults.map((fault) => `${name}/${BANK_FILE}: ${fault}`),
    ...read.flatMap(({ file, faults }) => faults.map((fault) => `${name}/${file}: ${fault}`)),
  ]
  const cases = read.flatMap(({ one }) => (one === undefined ? [] : [one]))
  for (const [field, what] of [
    ['id', 'an id'],
    ['canary', 'a value'],
  ] as const) {
    const firstFile = new Map<string, string>()
    for (const { file, one } of read) {
      if (one === undefined) continue
      const earlier = firstFile.get(one[field])
      if (earlier !== undefined)
        faults.push(`${name}/${file}: ${field}: requires ${what} that no other case has, got ${one[field]} as in ${earlier}`)
      else firstFile.set(one[field], file)
    }
  }
  if (faults.length > 0) throw new Error(`the bank has ${faults.length} fault(s)\n${faults.join('\n')}`)
  const active = cases.filter((one) => one.status !== 'retired').toSorted((a, b) => (a.id < b.id ? -1 : 1))
  if (active.length === 0) throw new Error(`${dir}: requires at least one case that is not retired, got none`)
  const sha256 = sha256Of(read.map(({ text }) => sha256Of(text)).join('\n'))
  return { name, dir, sha256, cases: active, ...(about === undefined ? {} : { about }) }
}

async function caseFiles(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((file) => /\.ya?ml$/.test(file) && file !== BANK_FILE).toSorted()
  } catch (cause) {
    throw new Error(`${dir}: requires a folder of case files, got ${(cause as Error).message}`, { cause })
  }
}

async function readCase(path: string): Promise<{ text: string; faults: string[]; one?: Case }> {
  const text = await readFile(path, 'utf8')
  if (text.length > MAX_FILE_CHARACTERS) return { text, faults: [`requires a file under 1 MB, got ${text.length} characters`] }
  const { data, fault } = yamlOf(text)
  if (fault !== undefined) return { text, faults: [fault] }
  const parsed = Case.safeParse(data)
  if (!parsed.success) return { text, faults: parsed.error.issues.map(faultOf(data)) }
  const faults = danglingReferences(parsed.data)
  const expected = `${parsed.data.id}.yaml`
  if (basename(path) !== expected) faults.push(`id: requires the file name ${expected}, got ${basename(path)}`)
  return { text, faults, one: parsed.data }
}

async function readAbout(dir: string): Promise<{ faults: string[]; about?: BankAbout }> {
  const text = await readFile(join(dir, BANK_FILE), 'utf8').catch(undefinedWhenMissing)
  if (text === undefined) return { faults: [] }
  const { data, fault } = yamlOf(text)
  if (fault !== undefined) return { faults: [fault] }
  const parsed = BankAbout.safeParse(data)
  return parsed.success ? { faults: [], about: parsed.data } : { faults: parsed.error.issues.map(faultOf(data)) }
}

function yamlOf(text: string): { data?: unknown; fault?: string } {
  try {
    return { data: load(text) }
  } catch (error) {
    if (error instanceof YAMLException) return { fault: `requires well-formed YAML, got: ${error.message}` }
    throw error
  }
}

function faultOf(data: unknown): (issue: z.core.$ZodIssue) => string {
  return (issue) => {
    const field = issue.path.map(String).join('.') || 'file'
    const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], data)
    const got =
      value === undefined || (typeof value === 'object' && value !== null) ? '' : `, got ${JSON.stringify(value)?.slice(0, 80)}`
    return `${field}: ${issue.message}${got}`
  }
}
