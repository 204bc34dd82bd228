import { Arm } from '../cases/schema.ts'
import { colours } from './theme.ts'

/** How an arm looks and is called in figures: colour and shape together, the same in every figure. */
export const armMarks: Record<Arm, { name: string; colour: string; shape: string }> = {
  full: { name: 'full', colour: colours.blue, shape: 'circle' },
  'no-image': { name: 'no image', colour: colours.vermilion, shape: 'triangle-up' },
  'no-ehr': { name: 'no EHR', colour: colours.green, shape: 'square' },
  'no-image-no-ehr': { name: 'no image, no EHR', colour: colours.black, shape: 'cross' },
  'image-claimed': { name: 'image claimed', colour: colours.vermilion, shape: 'diamond' },
  'wrong-image': { name: 'wrong image', colour: colours.vermilion, shape: 'triangle-down' },
  caption: { name: 'caption', colour: colours.blue, shape: 'diamond' },
}

/** Arms in the order of the vocabulary, each once. */
export function armOrder(arms: readonly Arm[]): Arm[] {
  return Arm.options.filter((arm) => arms.includes(arm))
}
