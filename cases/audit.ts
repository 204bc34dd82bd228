import { Command } from 'commander'
import type { Finding } from './finding.ts'
import { prepareImage } from './images.ts'
import { lintBank } from './lint.ts'
import { type Bank, chosenBank, loadBank } from './load.ts'
import { type Composition, type Count, composition } from './strata.ts'

const NOT_HERE = new Set(['IMAGE_MISSING', 'IMAGE_LEFT_OUT'])

/**
 * Everything the audit finds in a bank: the rules of `lintBank`, then each image's bytes against what the case says of them.
 *
 * An image that is not here is a warning, since a bank can be audited before it is fetched; one that is wrong is an error.
 */
export async function auditBank(bank: Bank): Promise<Finding[]> {
  const images = bank.cases.flatMap((one) => one.images.map((image) => ({ caseId: one.id, image })))
  const checked = await Promise.all(
    images.map(async ({ caseId, image }): Promise<Finding[]> => {
      try {
        await prepareImage(image, bank.dir)
        return []
      } catch (error) {
        const { message, code } = error as Error & { code?: string }
        const severity = NOT_HERE.has(code ?? '') ? 'warning' : 'error'
        return [{ caseId, field: `images.${image.id}`, fault: message.replace(`image ${image.id}: `, ''), severity }]
      }
    }),
  )
  return [...lintBank(bank.cases), ...checked.flat()]
}

/** The audit as plain text: findings by file, errors first, then the table of strata and the counts. */
export function auditText(bank: Bank, findings: readonly Finding[]): string {
  const made = composition(bank.cases)
  return [
    ...findingLines(bank, findings),
    `${bank.name}: ${counted(made.total)} as cases (images)`,
    '',
    ...strataLines(made),
    '',
    ...Object.entries(made.by).map(
      ([name, counts]) => `${name}: ${[...counts].map(([value, count]) => `${value} ${counted(count)}`).join(' · ')}`,
    ),
    '',
    `${howMany(findings, 'error')} error(s), ${howMany(findings, 'warning')} warning(s)`,
  ].join('\n')
}

function findingLines(bank: Bank, findings: readonly Finding[]): string[] {
  return bank.cases.flatMap((one) => {
    const own = findings.filter((finding) => finding.caseId === one.id)
    if (own.length === 0) return []
    const sorted = own.toSorted((a, b) => a.severity.localeCompare(b.severity))
    return [`${bank.name}/${one.id}.yaml`, ...sorted.map((each) => `  ${each.severity}: ${each.field}: ${each.fault}`), '']
  })
}

function strataLines({ strata }: Composition): string[] {
  const line = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(15) : cell.padStart(10))).join('')
  return [
    line(['', ...Object.keys(strata.malignant).map(plain)]),
    ...Object.entries(strata).map(([row, cells]) => line([plain(row), ...Object.values(cells).map(counted)])),
  ]
}

function plain(name: string): string {
  return name.replaceAll('_', ' ')
}

function counted({ cases, images }: Count): string {
  return `${cases} (${images})`
}

function howMany(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length
}

if (import.meta.main) {
  const [name] = new Command('npm run audit --')
    .description('Checks a bank of cases: reachability, leaks, arms, licences, images. Exits with 1 when there is an error.')
    .argument('[bank]', 'demo, bank or a folder of case files (default: the variable IMCBENCH_BANK, otherwise demo)')
    .parse().args
  try {
    const bank = await loadBank(name ?? chosenBank())
    const findings = await auditBank(bank)
    console.log(auditText(bank, findings))
    if (howMany(findings, 'error') > 0) process.exitCode = 1
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
