import type { ArmLook, ShownNumber } from './page-data.ts'

/** What the explorer draws: rows of models and arms on one scale, all of one estimand and measure. */
export type Explored = {
  numbers: readonly ShownNumber[]
  arms: readonly ArmLook[]
  labels: ReadonlyMap<string | null, string>
  title: string
  banner: string
  width: number
  zero: boolean
}

/**
 * A dot with its interval for each model and arm, open where exploratory, as a Vega-Lite specification. Numbers without a value are
 * not drawn.
 */
export function explorerSpec({ numbers, arms, labels, title, banner, width, zero }: Explored): object {
  const values = numbers
    .filter(({ value }) => value !== null)
    .map((one) => {
      const look = arms.find(({ id }) => id === one.arm)
      const fill = one.exploratory ? '#ffffff' : (look?.colour ?? '#000000')
      return { ...one, label: labels.get(one.model) ?? '', arm: look?.name ?? one.arm, armId: one.arm, fill }
    })
  const rows = [...labels.values()].filter((label) => values.some((row) => row.label === label))
  const y = { field: 'label', type: 'nominal', title: null, scale: { domain: rows }, axis: { labelLimit: width / 3, grid: true } }
  const yOffset = { field: 'arm', type: 'nominal', scale: { domain: arms.map(({ name }) => name), paddingOuter: 0.4 } }
  const color = {
    field: 'arm',
    type: 'nominal',
    title: 'Arm',
    scale: { domain: arms.map(({ name }) => name), range: arms.map(({ colour }) => colour) },
    legend: { orient: 'top', columns: width < 500 ? 2 : 4, symbolFillColor: 'transparent' },
  }
  const shape = {
    field: 'arm',
    type: 'nominal',
    title: 'Arm',
    scale: { domain: arms.map(({ name }) => name), range: arms.map(({ shape: look }) => look) },
  }
  // The whole scale of scores, and intervals that reach beyond it.
  const reach = values.flatMap(({ low, high }) => [low ?? 1, high ?? 5])
  const scale = zero ? { zero: true, nice: true } : { domain: [Math.min(1, ...reach), Math.max(5, ...reach)] }
  const ranged = values.some(({ low }) => low !== null)
  const ruled = zero
    ? [
        {
          data: { values: [{}] },
          mark: { type: 'rule', strokeDash: [4, 3], color: '#595959' },
          encoding: { x: { datum: 0, type: 'quantitative' } },
        },
      ]
    : []
  return {
    title: {
      ...{ text: wrapped(banner, width / 6), orient: 'bottom', anchor: 'start', offset: 8 },
      ...{ fontSize: 11, fontWeight: 'normal', color: '#595959' },
    },
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width,
    autosize: { type: 'fit-x', contains: 'padding' },
    height: Math.max(60, rows.length * Math.max(22, 9 + 11 * arms.length)),
    data: { values },
    layer: [
      ...ruled,
      ...(ranged
        ? [
            {
              transform: [{ filter: 'datum.low !== null' }],
              mark: { type: 'rule', strokeWidth: 2 },
              encoding: { y, yOffset, color, x: { field: 'low', type: 'quantitative', title, scale }, x2: { field: 'high' } },
            },
          ]
        : []),
      {
        mark: { type: 'point', size: 70, opacity: 1 },
        encoding: {
          ...{ y, yOffset, shape, color },
          fill: { field: 'fill', type: 'nominal', scale: null },
          x: { field: 'value', type: 'quantitative', title, scale },
        },
      },
    ],
    config: {
      background: '#ffffff',
      font: 'Arimo, Arial, Helvetica, sans-serif',
      view: { stroke: null },
      axisX: { tickCount: Math.max(3, Math.round(width / 90)) },
      axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' },
      legend: { labelFontSize: 12, titleFontSize: 12 },
      aria: false,
    },
  }
}

/** `text` in lines of at most `most` characters, broken at spaces. */
function wrapped(text: string, most: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
