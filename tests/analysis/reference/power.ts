import { z } from 'zod'
import {
  type Alternative,
  type Design,
  detectableD,
  powerOfPlan,
  requiredN,
  requiredSignificance,
} from '../../../analysis/power.ts'
import { brentRoot } from '../brent-root.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const number = z.number().nullish()
const Expected = z
  .array(
    z.strictObject({
      input: z.strictObject({
        n: number,
        d: number,
        power: number,
        'sig.level': number,
        type: z.enum(['two.sample', 'paired', 'one.sample']),
        alternative: z.enum(['two.sided', 'greater', 'less']),
      }),
      n: z.number(),
      d: z.number(),
      power: z.number(),
      sig_level: z.number(),
      type: z.null(),
      alternative: z.string(),
    }),
  )
  .min(1)
type Case = z.infer<typeof Expected>[number]

const DESIGNS: Record<Case['input']['type'], Design> = {
  'two.sample': 'two-sample',
  paired: 'paired',
  'one.sample': 'one-sample',
}
const ALTERNATIVES: Record<Case['input']['alternative'], Alternative> = {
  'two.sided': 'two-sided',
  greater: 'greater',
  less: 'less',
}
/** Where R pwr 1.3.0 looks for an effect. */
const SEARCHED: Record<Alternative, [number, number]> = { 'two-sided': [1e-7, 10], greater: [-5, 10], less: [-10, 5] }

/** Power, n, d or significance of every plan of R's pwr: whichever of the four the input leaves open, and the three given. */
export function check(file: ReferenceFile): void {
  for (const one of Expected.parse(file.expected)) checkCase(one, file)
}

function checkCase(one: Case, file: ReferenceFile): void {
  const { input, n, d, power, sig_level: significance } = one
  const given = { n: input.n, d: input.d, power: input.power, significance: input['sig.level'] }
  const open = Object.entries(given).flatMap(([name, value]) => (value == null ? [name] : []))
  if (open.length !== 1) throw new Error(`${file.id} requires one quantity to find, got [${open.join(', ')}]`)
  const wanted = { n, d, power, significance }
  for (const [name, value] of Object.entries(given))
    if (value != null) requireClose(wanted[name as keyof typeof wanted], value, file, `${name} as given`)
  const plan = { design: DESIGNS[input.type], n, d, significance, alternative: ALTERNATIVES[input.alternative] }
  const lacking = (changed: Partial<typeof plan>) => powerOfPlan({ ...plan, ...changed }) - power
  // Each search starts from the other three numbers; the one to find is no input of its own search.
  if (open[0] === 'power') requireClose(powerOfPlan(plan), power, file, 'power')
  if (open[0] === 'n')
    requireRoot(
      requiredN(power, plan),
      brentRoot((x) => lacking({ n: x }), 2 + 1e-10, 1e9),
      n,
      file,
      'n',
    )
  if (open[0] === 'd') {
    const stopped = brentRoot((x) => lacking({ d: x }), ...SEARCHED[plan.alternative])
    requireRoot(detectableD(power, plan), stopped, d, file, 'd')
  }
  if (open[0] === 'significance') {
    const stopped = brentRoot((x) => lacking({ significance: x }), 1e-10, 1 - 1e-10)
    requireRoot(requiredSignificance(power, plan), stopped, significance, file, 'significance')
  }
}

/**
 * R's uniroot stops within ε^¼ ≈ 1.2e-4 of a root and prints where it stands, so a printed d may be off by more than the
 * file's tolerance. Our power function, searched as R searches, must stop where R stopped; our own root must be as near as
 * R's tolerance says.
 */
function requireRoot(ours: number, stopped: number, expected: number, file: ReferenceFile, what: string): void {
  requireClose(stopped, expected, file, `${what} where R's search stops`)
  requireClose(ours, expected, { ...file, tolerance: { abs: Number.EPSILON ** 0.25 } }, `${what}, the exact root`)
}
