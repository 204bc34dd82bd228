import { Command } from 'commander'
import { auditBank, auditText } from '../cases/audit.ts'
import { chosenBank, loadBank } from '../cases/load.ts'
import { unreachableFacts } from './patient/solvable.ts'

// The command lies here and not in cases/, since only here can it ask the patient.
const [name] = new Command('npm run audit --')
  .description(
    'Checks a bank of cases: reachability, leaks, arms, licences, images, depth, duplicates. Exits with 1 when there is an error.',
  )
  .argument('[bank]', 'demo, bank or a folder of case files (default: the variable IMCBENCH_BANK, otherwise demo)')
  .parse().args
try {
  const bank = await loadBank(name ?? chosenBank())
  const findings = [...(await auditBank(bank)), ...bank.cases.flatMap(unreachableFacts)]
  console.log(auditText(bank, findings))
  if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
