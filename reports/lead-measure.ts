import type { Measure } from '../analysis/estimate.ts'

/** The measure that a figure of one measure shows: overall, or safety where `usable` says that only safety can be drawn. */
export function leadMeasure(usable: (measure: Measure) => boolean): Measure {
  return !usable('overall') && usable('safety') ? 'safety' : 'overall'
}

/** A measure’s name in a sentence. */
export function measureWords(measure: Measure): string {
  return measure === 'overall' ? 'overall score' : `${measure} score`
}
