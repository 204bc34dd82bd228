import { join, relative } from 'node:path'
import { Command } from 'commander'
import { loadBank } from './load.ts'
import { metadataOf } from './metadata.ts'
import { writeWhole } from './write-whole.ts'

await new Command('npm run metadata --')
  .description('write croissant.json, DATA-CARD.md, ATTRIBUTION.md and CHANGELOG.md of a bank from its cases and its bank.yaml')
  .argument('[bank]', 'demo, bank or a folder of case files', 'bank')
  .action(async (name: string) => {
    const bank = await loadBank(name)
    for (const [file, text] of Object.entries(await metadataOf(bank))) {
      await writeWhole(join(bank.dir, file), text)
      console.log(`wrote ${relative('', join(bank.dir, file))}`)
    }
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
