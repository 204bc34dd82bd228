import type { JuryVariance } from './estimate-jury.ts'
import { isExploratory } from './exploratory.ts'
import { type Conversation, casesAndImages, type JuryData } from './jury-data.ts'
import { type VarianceComponents, varianceComponents } from './variance-components.ts'

const EFFECTS = [['case'], ['model'], ['juror'], ['case', 'model'], ['case', 'juror'], ['model', 'juror']]
const JURORS = [1, 3, 5]

/** Where the spread of one dimension’s scores comes from, and what more jurors or cases would buy. */
export function juryVariance(data: JuryData): JuryVariance {
  const { conversations, voters, models, dimension } = data
  const byCase = [...Map.groupBy(conversations, ({ caseId }) => caseId).values()]
  const whole = byCase.flatMap((ofCase) => wholeCase(ofCase, data))
  const { nCases, nImages } = casesAndImages(whole)
  const counts = { nCases, nCasesLeftOut: byCase.length - nCases, nImages, nModels: models.length, nJurors: voters.length }
  const exploratory = isExploratory(nImages, nCases - 1)
  const reason = refusalFor(counts)
  if (reason !== null) return { dimension, ...counts, components: [], designs: [], exploratory: true, reason }
  const found = componentsOf(whole, data)
  const { components, residual } = found
  return {
    dimension,
    ...counts,
    components: [
      ...components.map(({ effect, df, variance }) => ({ source: effect.join(' × '), df, variance })),
      { source: 'residual', ...residual },
    ],
    designs: [nCases, 2 * nCases].flatMap((cases) =>
      [...new Set([...JURORS, voters.length])].sort((a, b) => a - b).map((n) => design(found, n, cases)),
    ),
    exploratory,
    reason: null,
  }
}

/** The case’s conversations of the lowest repeat when every juror scored every model, else none. */
function wholeCase(ofCase: readonly Conversation[], { voters, models }: JuryData): Conversation[] {
  const complete = ofCase.filter(({ first, votes }) => first && votes.size === voters.length)
  return complete.length === models.length ? complete : []
}

function refusalFor({ nCases, nModels, nJurors }: { nCases: number; nModels: number; nJurors: number }): string | null {
  if (nModels < 2) return 'fewer than 2 models'
  if (nJurors < 2) return 'fewer than 2 jurors'
  return nCases < 2 ? 'fewer than 2 cases that every juror scored for every model' : null
}

function componentsOf(whole: readonly Conversation[], { voters }: JuryData): VarianceComponents {
  const cells = whole.flatMap(({ caseId, model, votes }) =>
    voters.map((juror) => ({ case: caseId, model, juror, score: votes.get(juror) as number })),
  )
  const factors = (['case', 'model', 'juror'] as const).map((name) => ({ name, levels: cells.map((cell) => cell[name]) }))
  return varianceComponents(
    cells.map(({ score }) => score),
    factors,
    EFFECTS,
  )
}

/** Models are fixed, cases and jurors drawn: Brennan 2001, Generalizability Theory, ch. 4 and 5. */
function design({ components, residual }: VarianceComponents, jurors: number, cases: number): JuryVariance['designs'][number] {
  const of = (...effect: string[]) => {
    const found = components.find((component) => component.effect.join() === effect.join())
    return Math.max(0, found?.variance ?? Number.NaN)
  }
  const ofModel = of('case', 'model') / cases + of('model', 'juror') / jurors + residual.variance / (cases * jurors)
  const common = of('case') / cases + of('juror') / jurors + of('case', 'juror') / (cases * jurors)
  return {
    jurors,
    cases,
    meanStandardError: Math.sqrt(common + ofModel),
    differenceStandardError: Math.sqrt(2 * ofModel),
  }
}
