/**
 * Level 1 (worst, dark brown) to level 5 (best, dark teal): the five-class diverging scheme BrBG of ColorBrewer
 * (https://colorbrewer2.org), which has no red against green.
 */
export const levelColours = ['#A6611A', '#DFC27D', '#F5F5F5', '#80CDC1', '#018571'] as const

/** Low to high in heat maps: one hue from light to dark, so that lightness alone tells the order. Blues of ColorBrewer. */
export const heatColours = ['#EFF3FF', '#BDD7E7', '#6BAED6', '#3182BD', '#08519C'] as const

/** Below zero, zero and above zero of a difference: Okabe and Ito’s vermilion and blue around white, mixed half and half with it. */
export const signColours = { below: '#EAAE80', zero: '#FFFFFF', above: '#80B9D9' } as const
