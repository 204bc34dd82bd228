import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { Command, Option } from 'commander'
import { chosenBank } from '../cases/load.ts'
import { Arm, BaseArm } from '../cases/schema.ts'
import { previewCase } from './preview.ts'
import { previewPage } from './preview-page.ts'
import { previewText } from './preview-text.ts'

interface Options {
  readonly arm?: Arm
  readonly bank: string
  readonly html?: string
}

async function run(caseId: string, { arm, bank, html }: Options): Promise<void> {
  // The test generator lets this variable win over what a configuration names.
  process.env.IMCBENCH_BANK = bank
  const arms = await previewCase(bank, caseId, arm === undefined ? BaseArm.options : [arm])
  if (html === undefined) console.log(previewText(caseId, arms))
  else {
    await writeFile(html, previewPage(caseId, arms))
    console.log(`wrote ${relative('', html)}; it holds the case's truth, so keep it from models`)
  }
}

await new Command('npm run preview --')
  .description('show exactly what clinician, patient and juror of a case see in each arm')
  .argument('<case>', 'id of a case')
  .addOption(new Option('--arm <arm>', 'one arm (default: the four base arms)').choices(Arm.options))
  .option('--bank <name or dir>', 'demo, bank or a folder of case files', chosenBank())
  .option('--html <file>', 'write a page with the pictures instead of printing text')
  .action(run)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
