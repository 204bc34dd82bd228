import { z } from 'zod'

const number = z.number()
const ends = z.tuple([number, number])
const byModel = <Shape extends z.ZodType>(shape: Shape) => z.record(z.string(), shape)

const Cr2 = z.strictObject({
  estimate: number,
  se_iid: number,
  se_CR0: number,
  se_CR1: number,
  se_CR2: number,
  df: number,
  p: number,
  ci95: ends,
})
const Delta = Cr2.omit({ se_iid: true, se_CR1: true }).extend({ cliffs_delta: number })
const Boot = z.strictObject({
  estimate: number,
  se_boot: number,
  percentile95: ends,
  z0: number,
  acceleration: number,
  levels: ends,
  bca95: ends,
})
const Interaction = z.strictObject({
  slope: number,
  p_ols_8_models: number,
  se_HC3: number,
  spearman: number,
  leave_one_model_out_slopes: z.array(number),
  case_level: Cr2,
})
const Ablation = z.strictObject({ by_model: byModel(Cr2), average: Cr2, interaction: Interaction })
const Strata = z.strictObject({ by_model: byModel(Delta), pooled: Delta })
const byJuror = z.record(z.string(), number)

export type Cr2 = z.infer<typeof Cr2>
export type Delta = z.infer<typeof Delta>
export type Boot = z.infer<typeof Boot>

/** The resamples of a whole study: rows of image numbers from 1, in the order of the images' names. */
export const Input = z.strictObject({
  images_sorted: z.array(z.string()),
  resample_image_indices: z.array(z.array(z.int().min(1))),
  resample_image_indices_stratified_by_malignant: z.array(z.array(z.int().min(1))),
})
export type Input = z.infer<typeof Input>

/** Every quantity of a whole study that was computed in R and in Python. */
export const Expected = z.strictObject({
  model_means: z.record(z.string(), byModel(Cr2)),
  pairwise_overall: z.array(Cr2.extend({ a: z.string(), b: z.string(), p_holm: number, p_bh: number })),
  malignant: Strata,
  rare: Strata,
  ablation: z.record(z.string(), Ablation),
  reliability: z.strictObject({
    alpha_ordinal: number,
    alpha_leave_one_juror_out: byJuror,
    icc: z.strictObject({ complete_rows: z.int(), ICC2_1: number, ICC2_k: number, ICC3_1: number, ICC3_k: number }),
    qwk_pairs: z.record(z.string(), number),
    juror_mean: byJuror,
    severity_vs_jury_mean: byJuror,
    clinician_qwk: number,
    juror_vs_clin1_qwk: byJuror,
    juror_vs_clin2_qwk: byJuror,
    jury_vs_gold: z.strictObject({
      n: z.int(),
      bias: number,
      mae: number,
      rmse: number,
      pearson: number,
      spearman: number,
      ccc: number,
    }),
  }),
  calibration: z.strictObject({
    isotonic: z.strictObject({
      knots: z.array(number),
      fitted: z.array(number),
      rmse_in: number,
      rmse_leave_one_image_out: number,
      bias_leave_one_image_out: number,
    }),
    linear: z.strictObject({ intercept: number, slope: number, rmse_leave_one_image_out: number }),
    raw_rmse: number,
  }),
  ppi_safety: byModel(
    z.strictObject({
      labelled_images: z.int(),
      unlabelled_images: z.int(),
      lambda: number,
      point: number,
      se: number,
      human_only: number,
      jury_only: number,
    }),
  ),
  cluster_bootstrap: z.strictObject({
    overall_mean: byModel(Boot),
    pair_last_minus_first: Boot,
    no_image_effect_mean_over_models: Boot,
    malignant_delta_pooled_stratified: Boot,
    malignant_delta_by_model_stratified: byModel(Boot),
  }),
  ranks: z.strictObject({
    expected_rank: byModel(number),
    p_best: byModel(number),
    rank_interval95_type7: byModel(ends),
  }),
})
export type Expected = z.infer<typeof Expected>
