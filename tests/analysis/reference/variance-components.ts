import { z } from 'zod'
import { varianceComponents } from '../../../analysis/variance-components.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const Input = z.object({ y: z.array(z.number()) }).catchall(z.array(z.union([z.string(), z.number()])))
const Expected = z.record(z.string(), z.number())

/** Components of the crossed main effects of every factor of the input, as lme4’s REML gives them on balanced data. */
export function check(file: ReferenceFile): void {
  const { y, ...labels } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  const factors = Object.entries(labels).map(([name, levels]) => ({ name, levels: levels.map(String) }))
  const found = varianceComponents(
    y,
    factors,
    factors.map(({ name }) => [name]),
  )
  const actual = new Map(found.components.map(({ effect, variance }) => [`var_${effect.join()}`, variance]))
  actual.set('var_residual', found.residual.variance).set('mean', found.mean).set('se_mean', found.meanStandardError)
  for (const [name, wanted] of Object.entries(expected)) requireClose(actual.get(name), wanted, file, name)
  for (const name of actual.keys())
    if (!(name in expected)) throw new Error(`${file.id} requires an expected ${name}, got ${Object.keys(expected)}`)
}
