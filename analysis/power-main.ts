import { Command, InvalidArgumentError } from 'commander'
import type { StudyPlan } from './power-plan.ts'
import { powerTable } from './power-table.ts'

type Options = Partial<Record<'images' | 'icc' | 'malignant' | 'rare' | 'sdMean' | 'rate' | 'effect', number>> &
  Pick<StudyPlan, 'cases' | 'models' | 'sd' | 'sdDiff' | 'significance' | 'power'>

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number')
  return value
}

function planOf(options: Options): StudyPlan {
  const { images = options.cases, icc, malignant = null, rare = null, sdMean = null, rate = null, effect = null } = options
  if (images !== options.cases && icc === undefined)
    throw new Error(`power requires --icc, the correlation of cases on one image, where --images is not --cases, got none`)
  return { ...options, images, icc: icc ?? 0, malignant, rare, sdMean, rate, effect }
}

const command = new Command('power')
  .description('what a planned study can see: minimum detectable effects, and the cases that an effect needs')
  .requiredOption('--cases <number>', 'cases, all seen by every model', number)
  .requiredOption('--models <number>', 'models under test', number)
  .requiredOption('--sd <points>', 'SD of one model’s scores over cases', number)
  .requiredOption('--sd-diff <points>', 'SD over cases of the difference of two models, or of two arms', number)
  .option('--sd-mean <points>', 'SD over cases of the mean of all models; derived from the other two when not given', number)
  .option('--malignant <share>', 'share of malignant cases, for the malignant delta', number)
  .option('--rare <share>', 'share of rare cases, for the rare delta', number)
  .option('--images <number>', 'different images, when fewer than cases', number)
  .option('--icc <number>', 'correlation of cases on one image, 0 to 1', number)
  .option('--rate <share>', 'a checklist rate whose precision you ask for', number)
  .option('--effect <points>', 'a true effect whose power and needed cases you ask for', number)
  .option('--significance <number>', 'two-sided', number, 0.05)
  .option('--power <number>', 'wanted power', number, 0.8)
  .action((options: Options) => {
    process.stdout.write(`${powerTable(planOf(options))}\n`)
  })

try {
  command.parse()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
