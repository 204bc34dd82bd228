import type { GradingResult } from 'promptfoo'

/** The peer of the overhead bench: an assertion that does nothing. */
export function pass(): GradingResult {
  return { pass: true, score: 1, reason: 'nothing' }
}
