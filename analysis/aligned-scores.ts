import { averageOverModels, type CaseScore, pairedDifference } from './case-scores.ts'
import { compareText } from './order.ts'

/** `averageOverModels`, at once where all lists have the same cases in the same order, as they have when nothing is missing. */
export function averageOf(lists: readonly (readonly CaseScore[])[]): readonly CaseScore[] {
  const [first, ...others] = lists
  if (first === undefined || !others.every((list) => sameCases(first, list))) return averageOverModels(lists)
  return first.map((score, i) => {
    let { value, trials } = score
    for (const list of others) {
      value += (list[i] as CaseScore).value
      trials += (list[i] as CaseScore).trials
    }
    return { ...score, value: value / lists.length, trials }
  })
}

/** `pairedDifference`, at once where both lists have the same cases in the same order. */
export function differenceOf(list: readonly CaseScore[], minus: readonly CaseScore[]): readonly CaseScore[] {
  if (!sameCases(list, minus)) return pairedDifference(list, minus)
  return list.map((score, i) => {
    const other = minus[i] as CaseScore
    return { ...score, value: score.value - other.value, trials: score.trials + other.trials }
  })
}

/** The lists without the cases that some list lacks, all in the order of the first, so that place i is the same case in each. */
export function commonCases(lists: readonly (readonly CaseScore[])[]): readonly (readonly CaseScore[])[] {
  const [first, ...others] = lists
  if (first === undefined || others.every((list) => sameCases(first, list))) return lists
  const byCase = others.map((list) => new Map(list.map((score) => [score.caseId, score])))
  const inAll = first.filter(({ caseId }) => byCase.every((list) => list.has(caseId)))
  return [inAll, ...byCase.map((list) => inAll.flatMap(({ caseId }) => list.get(caseId) ?? []))]
}

/** The places of the cases on each image, the images in the order of their names. */
export function placesByImage(cases: readonly CaseScore[]): number[][] {
  const images = [...Map.groupBy(cases.keys(), (place) => cases[place]?.image ?? '')]
  return images.sort(([a], [b]) => compareText(a, b)).map(([, places]) => places)
}

function sameCases(a: readonly CaseScore[], b: readonly CaseScore[]): boolean {
  return a.length === b.length && a.every(({ caseId }, i) => caseId === b[i]?.caseId)
}
