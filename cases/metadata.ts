import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attributionText } from './attribution.ts'
import { BANK_FILE, type BankAbout } from './bank-file.ts'
import { type CaseFile, croissantOf } from './croissant.ts'
import { dataCard } from './data-card.ts'
import type { Bank } from './load.ts'
import { undefinedWhenMissing } from './missing-file.ts'
import { sha256Of } from './sha256.ts'

/**
 * The files that publish a bank, as they should be: name → text.
 *
 * Reads the case files for their hashes and the data card for its hand-written part; writes nothing.
 *
 * @throws Error when the bank has no `bank.yaml`
 */
export async function metadataOf(bank: Bank): Promise<Readonly<Record<string, string>>> {
  const { about } = bank
  if (about === undefined) throw new Error(`${bank.name}: metadata requires a ${BANK_FILE} that names the bank, got none`)
  const files = await Promise.all(bank.cases.map(({ id }) => measure(bank.dir, id)))
  const card = await readFile(join(bank.dir, 'DATA-CARD.md'), 'utf8').catch(undefinedWhenMissing)
  return {
    'croissant.json': `${JSON.stringify(croissantOf(bank.cases, about, files), null, 2)}\n`,
    'DATA-CARD.md': dataCard(bank.cases, about, bank.sha256, card),
    'ATTRIBUTION.md': attributionText(bank.cases, about),
    'CHANGELOG.md': changelogText(about),
  }
}

async function measure(dir: string, id: string): Promise<CaseFile> {
  const file = `${id}.yaml`
  const bytes = await readFile(join(dir, file))
  return { id, file, sha256: sha256Of(bytes), bytes: bytes.length }
}

function changelogText({ name, changelog }: BankAbout): string {
  const entries = changelog.map(({ version, date, changes }) =>
    [`## ${version} (${date})`, '', ...changes.map((change) => `- ${change}`)].join('\n'),
  )
  return `# Changelog: ${name}

Written by \`npm run metadata\` from ${BANK_FILE}. MAJOR: results are no longer comparable. MINOR: cases were added. PATCH: words that no
party of a trial sees.

${entries.join('\n\n')}
`
}
