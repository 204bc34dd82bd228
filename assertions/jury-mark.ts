import { majority } from '../cases/pool.ts'
import { sha256Of } from '../cases/sha256.ts'
import type { JuryMark } from '../cases/verdict.ts'
import type { Juror } from './juror.ts'
import { JUROR_PROMPT_SHA256 } from './juror-prompt.ts'
import { RUBRIC, RUBRIC_SHA256 } from './rubric.ts'

/**
 * What tells one jury from another: its jurors with their models’ revisions, how it is asked and pooled, prompt and rubric.
 *
 * @throws RangeError when there is no juror
 */
export function juryMark(jury: {
  readonly jurors: readonly Juror[]
  readonly repeats?: number | undefined
  readonly quorum?: number | undefined
}): JuryMark {
  if (jury.jurors.length === 0) throw new RangeError('juryMark requires at least one juror, got none')
  const mark = {
    jurors: jury.jurors.map(({ id, model: { family, simulated, revision }, sees }) => ({
      id,
      family,
      simulated,
      saw: sees,
      revision,
    })),
    repeats: jury.repeats ?? 1,
    quorum: jury.quorum ?? majority(jury.jurors.length),
    prompt: JUROR_PROMPT_SHA256,
    rubric: { version: RUBRIC.version, sha256: RUBRIC_SHA256 },
  }
  return { sha256: sha256Of(JSON.stringify(mark)), ...mark }
}
