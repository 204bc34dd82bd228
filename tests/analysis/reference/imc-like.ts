import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { analyzeTable } from '../../../analysis/analyze.ts'
import { readClinicians } from '../../../analysis/clinicians-csv.ts'
import { readScores } from '../../../analysis/scores-csv.ts'
import { checkComparisons } from '../imc-like/comparisons.ts'
import { checkJury } from '../imc-like/jury.ts'
import { checkMeans } from '../imc-like/means.ts'
import { checkResamples } from '../imc-like/resamples.ts'
import { Expected, Input } from '../imc-like/shape.ts'
import type { WholeStudy } from '../imc-like/study.ts'
import type { ReferenceFile } from './reference-file.ts'

const Files = z.object({ files: z.strictObject({ scores: z.string(), clinicians: z.string() }) })

/** A whole study from its two CSV files through `analyze`: every quantity that R and Python computed. */
export function check(file: ReferenceFile, folder: string): void {
  const { files } = Files.parse(file)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const table = readScores(read(files.scores), files.scores)
  const settings = { level: 0.95, resamples: 200, seed: 1 }
  const { estimates, trials } = analyzeTable(table, files.scores, settings, (known) =>
    readClinicians(read(files.clinicians), files.clinicians, known),
  )
  const study: WholeStudy = { file, input: Input.parse(file.input), expected: Expected.parse(file.expected), trials, estimates }
  checkMeans(study)
  checkComparisons(study)
  checkResamples(study)
  checkJury(study)
}
