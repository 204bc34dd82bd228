import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Calibration, CalibrationMap } from '../cases/calibration.ts'
import { Dimension } from '../cases/verdict.ts'
import { fitCalibration } from './calibrate.ts'
import { readLabels, requireSameWords } from './label-files.ts'
import { oneJury } from './one-jury.ts'
import { readRows } from './results.ts'
import { rowContent } from './row-content.ts'
import { toTrials } from './trials.ts'

function mapWords(map: CalibrationMap): string {
  if (map.kind === 'shift') return `shift by ${map.by.toFixed(3)}`
  if (map.kind === 'linear') return `${map.intercept.toFixed(3)} + ${map.slope.toFixed(3)} × score`
  if (map.kind === 'isotonic') return `isotonic, ${map.knots.length} knots`
  return map.kind === 'identity' ? 'identity: scores stay as they are' : 'none: uncalibrated'
}

function summary({ simulated, labels, dimensions }: Calibration): string {
  const { raters, nRaters, nConversations, nImages } = labels
  const scored = (n: number) =>
    n === nConversations ? '' : ` (${n} of the conversations, those with a score by jury and raters)`
  const people = `${nRaters} ${simulated ? 'simulated raters' : 'raters'} (${raters})`
  const lines = Dimension.options.map((dimension) => {
    const { map, severities, chosen, nConversations: n } = dimensions[dimension]
    return `  ${dimension}: ${mapWords(map)}${severities === null ? '' : ', severities removed first'}${scored(n)}; ${chosen}`
  })
  return [`${nConversations} labelled conversations on ${nImages} images by ${people}`, ...lines].join('\n')
}

async function run(results: string, labelFiles: readonly string[], { output }: { output: string }): Promise<void> {
  const rows = readRows(await readFile(results, 'utf8'), results)
  const contents = rows.map((row, index) => rowContent(row, `${results} row ${index + 1}`))
  const jury = oneJury(
    contents.flatMap(({ grade }) => grade?.jury ?? []),
    results,
  )
  const labels = readLabels(await Promise.all(labelFiles.map(async (file) => ({ file, text: await readFile(file, 'utf8') }))))
  requireSameWords(labels, contents)
  const calibration = fitCalibration(toTrials(contents, results), jury, labels)
  if (Object.values(calibration.dimensions).every(({ map }) => map.kind === 'none'))
    throw new Error(`${summary(calibration)}\nnothing can be calibrated with these labels, so no file is written`)
  await writeFile(output, `${JSON.stringify(calibration, null, 2)}\n`)
  console.log(`${summary(calibration)}\nwrote ${output}`)
}

const command = new Command('calibrate')
  .description('promptfoo results and the labels of people for some of their conversations → calibration.json')
  .argument('<results>', 'the promptfoo results file whose conversations were rated, .json or .jsonl')
  .argument('<labels...>', 'files of labels, as `annotate import` writes them')
  .option('-o, --output <file>', 'where to write', 'calibration.json')
  .action(run)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
