import { readFile, stat } from 'node:fs/promises'
import { Command } from 'commander'
import { dump } from 'js-yaml'
import { bundleOfCase } from './fhir-export.ts'
import { ehrOfBundle } from './fhir-import.ts'
import { caseOf, chosenBank, loadBank } from './load.ts'
import type { Ehr } from './schema.ts'
import { writeWhole } from './write-whole.ts'

const MAX_BUNDLE_BYTES = 20_000_000

/**
 * Reads a file of JSON.
 *
 * @throws Error naming the file, when it cannot be read, is over 20 MB (then it is not read at all) or is no JSON
 */
async function readJson(file: string): Promise<unknown> {
  const cannotRead = (error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: requires a readable file, got ${error.code ?? error.message}`)
  }
  const { size } = await stat(file).catch(cannotRead)
  if (size > MAX_BUNDLE_BYTES) throw new Error(`${file}: requires at most ${MAX_BUNDLE_BYTES} bytes, got ${size}`)
  const text = await readFile(file, 'utf8').catch(cannotRead)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: requires JSON, got: ${(error as Error).message}`)
  }
}

function ehrYaml({ hazards: _hazards, conflicts: _conflicts, ...rest }: Ehr): string {
  return [
    dump({ ehr: rest }, { lineWidth: 130 }).trimEnd(),
    '  # TODO hazards: FHIR has none. Name at least one entry that changes safe advice: { id, entry, risk, usedBy: [phrases] }.',
    '  hazards: []',
    '  # TODO conflicts: entries that the patient tells otherwise: { entry, fact, right: chart | patient | unclear, note }.',
    '  conflicts: []',
  ].join('\n')
}

async function importBundle(file: string, { asOf }: { asOf?: string }): Promise<void> {
  const data = await readJson(file)
  try {
    const { ehr, warnings } = ehrOfBundle(data, asOf)
    for (const warning of warnings) console.error(`${file}: ${warning}`)
    console.error(`${file}: hazards and conflicts cannot come from FHIR; fill in the two TODOs`)
    console.log(ehrYaml(ehr))
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`)
  }
}

async function exportCase(id: string, { bank, out }: { bank: string; out?: string }): Promise<void> {
  const one = caseOf(await loadBank(bank), id)
  const text = `${JSON.stringify(bundleOfCase(one), null, 2)}\n`
  console.error(`${id}: hazards and conflicts stay behind: FHIR has no place for them`)
  if (out === undefined) process.stdout.write(text)
  else await writeWhole(out, text)
}

const program = new Command('npm run fhir --').description('FHIR R4 Bundle → the ehr of a case, and back')
program
  .command('import')
  .description('print the ehr of a case, to paste; warnings go to stderr')
  .argument('<bundle>', 'a JSON file of at most 20 MB: a Bundle of type collection or transaction')
  .option(
    '--as-of <date>',
    'date of the record, YYYY-MM-DD (default: the day of the Bundle, otherwise the latest date of an entry)',
  )
  .action(importBundle)
program
  .command('export')
  .description('write the record of a case as a Bundle')
  .argument('<case>', 'id of a case')
  .option('--bank <name or dir>', 'demo, bank or a folder of case files', chosenBank())
  .option('--out <file>', 'where to write (default: stdout)')
  .action(exportCase)
await program.parseAsync().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
