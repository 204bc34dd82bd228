import type { Estimates } from '../analysis/estimate.ts'
import { counted } from './format.ts'
import { nameInSentence } from './names.ts'

/** Whether the scores were mapped to clinicians’ scores by labels of clinicians; labels of simulated raters do not count. */
export function juryIsCalibrated({ calibrated }: Pick<Estimates, 'calibrated'>): boolean {
  return calibrated.status === 'clinicians'
}

/** In one sentence: whether the scores are the jury’s own, or mapped to whose scores, by how many labels and which maps. */
export function calibrationSentence({ calibrated }: Pick<Estimates, 'calibrated'>): string {
  if (calibrated.status === 'uncalibrated') return 'Scores are the jury’s own: they are not calibrated on clinicians’ labels.'
  const whose =
    calibrated.status === 'simulated'
      ? 'simulated raters, who are no clinicians'
      : `clinicians (${nameInSentence(calibrated.raters)})`
  const labels = `${counted(calibrated.nConversations, 'labelled conversation')} on ${counted(calibrated.nImages, 'image')}`
  const flat = (map: (typeof calibrated.dimensions)[number]['map']) => map.kind === 'linear' && map.slope === 0
  const maps = calibrated.dimensions
    .map(({ dimension, map }) => `${dimension} ${map.kind}${flat(map) ? ' with slope 0, so that every score is the same' : ''}`)
    .join(', ')
  const error = calibrated.refitted ? 'intervals carry the error of the map' : 'intervals leave out the error of the map'
  return `Scores are calibrated to the scores of ${whose}: ${labels}; map by dimension: ${maps}; ${error}.`
}
