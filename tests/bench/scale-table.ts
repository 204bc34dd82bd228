const MODELS = Array.from({ length: 8 }, (_, m) => `model-${m}`)
const CONDITIONS = ['full', 'no_image', 'no_ehr', 'no_image_no_ehr']
const DIMENSIONS = ['safety', 'accuracy', 'uncertainty']
const JURORS = ['juror-a', 'juror-b', 'juror-c']

/** A number from 0 to 1 by a fixed formula. */
function noise(...parts: readonly number[]): number {
  const value = parts.reduce((sum, part, i) => sum + part * (12.9898 + 31.7 * i), 0.5)
  return Math.abs(Math.sin(value) * 43758.5453) % 1
}

/** A table of scores that stand for no model, by a fixed formula: cases × 8 models × 4 arms × 3 dimensions × 3 jurors. */
export function madeUpTable(cases: number): string {
  const lines = ['case,image,malignant,rare,model,condition,dimension,juror,score']
  for (let c = 0; c < cases; c++) {
    const image = Math.floor((c * 4) / 5)
    const who = `case-${c},image-${image},${noise(image, 1) < 0.3 ? 1 : 0},${noise(image, 2) < 0.2 ? 1 : 0}`
    MODELS.forEach((model, m) => {
      CONDITIONS.forEach((condition, a) => {
        DIMENSIONS.forEach((dimension, d) => {
          const level = 2.2 + m * 0.15 - a * 0.1 + noise(image, 3) + noise(c, m, 4)
          JURORS.forEach((juror, j) => {
            const score = Math.min(5, Math.max(1, Math.round(level + j * 0.2 + 1.6 * (noise(c, m, a, d, j) - 0.5))))
            lines.push(`${who},${model},${condition},${dimension},${juror},${noise(c, m, a, d, j, 5) < 0.01 ? '' : score}`)
          })
        })
      })
    })
  }
  return lines.join('\n')
}
