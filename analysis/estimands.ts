import type { Arm } from '../cases/schema.ts'
import type { IntervalRule } from './inference.ts'
import type { Trial } from './trial.ts'
import type { Calibrations } from './vote-pooling.ts'

/** All that an estimand may look at. Models and arms stand in the order of the output. */
export type Study = {
  trials: readonly Trial[]
  models: readonly string[]
  arms: readonly Arm[]
  rule: IntervalRule
  /** How the trials’ scores were calibrated; null when they are the jury’s own. */
  calibrations: Calibrations
}

/** A quantity of the report in words: what it means, how it is computed, and `where` in estimates.json it stands. */
export type Estimand = {
  name: string
  where: string
  words: string
  formula: string
  weighting: string
  interval: string
  source: string
}

/** Every estimand, in the order of estimates.json. `as mean` means the same as in the row of that name. */
export const ESTIMANDS: readonly Estimand[] = [
  {
    name: 'mean',
    where: 'estimates',
    words: 'mean score per model and arm, and its average over models',
    formula: 'Σᵢ yᵢ / n',
    weighting: 'cases equally, repeats averaged first; average: each case over all models first',
    interval: 'CR2 t by image; BCa by image beside, in arm full the studentised bootstrap, too',
    source: 'CR2: Bell and McCaffrey 2002, Pustejovsky and Tipton 2018; BCa: Efron 1987; studentised bootstrap: Efron 1982',
  },
  {
    name: 'malignant-delta',
    where: 'estimates',
    words: 'malignant minus benign, premalignant and not neoplastic cases, arm full; in situ and uncertain in neither',
    formula: 'mean(y | malignant) − mean(y | not malignant)',
    weighting: 'cases equally within a group; average: each case over all models first',
    interval: 'two-group CR2 t by image; BCa by image within each group beside',
    source: 'as mean',
  },
  {
    name: 'rare-delta',
    where: 'estimates',
    words: 'rare minus not rare cases, arm full; unknown rarity in neither',
    formula: 'mean(y | rare) − mean(y | not rare)',
    weighting: 'as malignant-delta',
    interval: 'as malignant-delta',
    source: 'as mean',
  },
  {
    name: 'ablation-effect',
    where: 'estimates',
    words: 'an arm minus full on the same cases',
    formula: 'Σᵢ (yᵢ,arm − yᵢ,full) / n',
    weighting: 'cases scored in both arms equally; average: each case over all models first',
    interval: 'CR2 t by image; BCa by image beside',
    source: 'as mean',
  },
  {
    name: 'raw number',
    where: 'raw',
    words: 'mean, deltas and effects of the jury’s own scores, beside the calibrated ones',
    formula: 'as in estimates, without the map',
    weighting: 'as mean',
    interval: 'as mean',
    source: 'as mean',
  },
  {
    name: 'calibrated score',
    where: 'calibrated.dimensions',
    words: 'the score on the raters’ scale, and the share of trials outside what the labels cover',
    formula: 'clamp(map(mean over jurors of cap(vote − severity)))',
    weighting: 'fit: labelled conversations by how many each stands for',
    interval:
      'of means, deltas and effects: BCa by image, the map fitted anew in each resample, its kind and the severities held',
    source: 'isotonic: Barlow and others 1972; one standard error: Breiman and others 1984; BCa: Efron 1987',
  },
  {
    name: 'transport',
    where: 'calibrated.transport',
    words: 'calibrated (and raw) minus raters, overall and by model, arm, malignancy and rarity; on images left out of the fit',
    formula: 'Σ w (score − raters) / Σ w',
    weighting: 'labelled conversations by how many each stands for',
    interval: 'BCa by image',
    source: 'BCa: Efron 1987',
  },
  {
    name: 'model pair',
    where: 'comparisons.pairs',
    words: 'one model minus another on the same cases, arm full; d_z, Cliff’s delta and shares higher and lower beside',
    formula: 'Σᵢ (yᵢ,a − yᵢ,b) / n; d_z = mean / SD over cases',
    weighting: 'cases scored for both equally',
    interval: 'CR2 t by image; p after Holm and Benjamini–Hochberg; under 20 images signs of whole images flipped',
    source: 'Holm 1979; Benjamini and Hochberg 1995; Cliff 1993; Fisher 1935',
  },
  {
    name: 'rank',
    where: 'comparisons.rankings',
    words: 'place of a model among all, its chance to be best, and groups that Holm cannot separate',
    formula: 'mid-rank of the means in each resample',
    weighting: 'cases that every model has, equally',
    interval: 'type 7 quantiles over resamples of images, the same for all models',
    source: 'cluster bootstrap: Davison and Hinkley 1997',
  },
  {
    name: 'stratum counts',
    where: 'comparisons.strata',
    words: 'cases and images by malignancy and rarity; unknown is a class of its own',
    formula: 'counts',
    weighting: 'each case once',
    interval: 'none',
    source: 'counts',
  },
  {
    name: 'dominance',
    where: 'comparisons.dominance',
    words: 'how much more often a flagged case scores higher than an unflagged one than lower, arm full',
    formula: 'P(y₁ > y₀) − P(y₁ < y₀)',
    weighting: 'pairs of cases equally; average: each case over all models first',
    interval: 'Cliff’s asymmetric interval with CR2 errors of the placements by image, t',
    source: 'Cliff 1996; DeLong and others 1988; Obuchowski 1997',
  },
  {
    name: 'adjusted delta',
    where: 'comparisons.adjusted',
    words: 'malignant delta at equal rarity, and rare delta at equal malignancy',
    formula: 'least squares on both flags, a term for each unknown class',
    weighting: 'cases equally',
    interval: 'CR2 t by image',
    source: 'Pustejovsky and Tipton 2018',
  },
  {
    name: 'delta contrast',
    where: 'comparisons.contrasts',
    words: 'delta of one model minus delta of another',
    formula: 'mean(yₐ − y_b | flagged) − mean(yₐ − y_b | not flagged)',
    weighting: 'cases scored for both equally',
    interval: 'two-group CR2 t by image; Holm',
    source: 'Holm 1979',
  },
  {
    name: 'interaction with strength',
    where: 'comparisons.interactions',
    words: 'whether stronger models lose more without the image or record',
    formula:
      'slope of full minus arm on strength; strength by Oldham, by cross-fit over halves of the images, and naive, which is biased and marked so',
    weighting: 'cases that every model has in both arms, equally',
    interval: 'CR2 t by image with models fixed; HC3, each model left out; permutation of Spearman’s correlation over models',
    source: 'Oldham 1962; MacKinnon and White 1985',
  },
  {
    name: 'sensitivity',
    where: 'comparisons.sensitivity',
    words:
      'means, deltas and effects computed in five other ways: complete cases, lowest and highest possible, median of jurors, no juror of the own family',
    formula: 'as the number that it varies',
    weighting: 'as the number that it varies',
    interval: 'CR2 t by image; none for bounds',
    source: 'bounds: Manski 1990',
  },
  {
    name: 'jury reliability',
    where: 'jury.reliability',
    words: 'how far jurors agree per dimension, arm full',
    formula: 'Krippendorff’s alpha (ordinal, interval, nominal), Fleiss’ kappa, Kendall’s W, six ICC',
    weighting: 'conversations equally; ICC, kappa and W: those that every juror scored',
    interval: 'alpha: BCa by image; ICC: F, which ignores images',
    source: 'Krippendorff 2011; Shrout and Fleiss 1979; Fleiss 1971',
  },
  {
    name: 'juror',
    where: 'jury.jurors',
    words: 'severity, modal share, alpha without the juror, correlation of score and length of reply',
    formula: 'mean of juror minus jury over conversations',
    weighting: 'conversations equally',
    interval: 'CR2 t or BCa by image',
    source: 'two-way centring by least squares',
  },
  {
    name: 'juror card',
    where: 'jury.cards',
    words: 'abstentions by reason, quotes that are real, scores given and their spread when asked again, all arms',
    formula: 'verdicts / votes; verified / quotes; √(Σ (x − x̄)² / Σ (k − 1)) within conversations',
    weighting: 'votes equally',
    interval: 'none',
    source: 'squares pooled over conversations',
  },
  {
    name: 'juror cost',
    where: 'jury.costs',
    words: 'money and tokens of a juror over all arms and dimensions, and per verdict',
    formula: 'sum; sum / verdicts',
    weighting: 'conversations equally',
    interval: 'none',
    source: 'prices as told by the results',
  },
  {
    name: 'rater pair',
    where: 'jury.pairs',
    words: 'agreement of two single raters',
    formula: 'quadratic, linear and plain kappa; shares equal and within one level',
    weighting: 'conversations that both scored equally',
    interval: 'BCa by image; error of independent conversations beside',
    source: 'Cohen 1968; Fleiss, Cohen and Everitt 1969',
  },
  {
    name: 'preference',
    where: 'jury.preferences',
    words: 'whether a juror favours models of its own family',
    formula: '(juror − others on own family) − (juror − others on other models)',
    weighting: 'cases equally',
    interval: 'CR2 t by image',
    source: 'arXiv 2508.06709',
  },
  {
    name: 'variance components',
    where: 'jury.variance',
    words: 'where spread comes from, and the error with 1, 3, 5 jurors or twice the cases',
    formula: 'analysis of variance of case × model × juror',
    weighting: 'cases that every juror scored for every model',
    interval: 'none: errors of designs',
    source: 'Brennan 2001',
  },
  {
    name: 'jury against clinicians',
    where: 'jury.againstClinicians',
    words:
      'bias, errors, agreement and limits of the jury, of jurors and of a clinician left out, beside jurors that always say one level',
    formula: 'mean, MAE and RMSE of rater − clinicians; Lin’s CCC; share of deficient replies that the rater passes',
    weighting: 'conversations equally',
    interval: 'CR2 t or BCa by image; rates: one-sided bound',
    source: 'Lin 1989; Bland and Altman 1986; Korn and Graubard 1998',
  },
  {
    name: 'errors in common',
    where: 'jury.errorCorrelations',
    words: 'how far jurors err together, and how many independent ones they are worth',
    formula: 'mean correlation ρ of juror − clinicians; k / (1 + (k − 1) ρ)',
    weighting: 'conversations that all jurors and a clinician scored',
    interval: 'BCa by image',
    source: 'Kish 1965',
  },
  {
    name: 'calibration candidates',
    where: 'jury.calibration',
    words: 'how well a line or an isotonic map of jury scores predicts clinicians; nothing is calibrated by it',
    formula: 'least squares; RMSE and bias on images left out',
    weighting: 'conversations equally',
    interval: 'none',
    source: 'Barlow and others 1972',
  },
  {
    name: 'corrected mean',
    where: 'jury.correctedMeans',
    words: 'mean by clinicians alone, by the jury alone, and both together',
    formula: 'mean(truth) + λ (mean(jury, unlabelled) − mean(jury, labelled))',
    weighting: 'images equally',
    interval: 't with labelled images less one; needs 10 of them',
    source: 'PPI++: arXiv 2311.01453',
  },
  {
    name: 'corrected share',
    where: 'jury.correctedShares',
    words: 'share of replies with safety at 2 or less, corrected for the jury’s errors',
    formula: '(p + specificity − 1) / (sensitivity + specificity − 1)',
    weighting: 'conversations equally',
    interval: 'of independent conversations',
    source: 'arXiv 2511.21140',
  },
  {
    name: 'human review',
    where: 'review',
    words: 'conversations on which jurors lie 2 points or more apart, for a person to look at',
    formula: 'highest minus lowest juror, each the mean of its repeats before the caps',
    weighting: 'none',
    interval: 'none',
    source: 'REVIEW_RANGE of cases/pool.ts',
  },
  {
    name: 'checklist rate',
    where: 'rates',
    words: 'missed red flags, under- and over-triage, emergency and must-ask recall, mirage and others by plain rules',
    formula: 'mean over cases of events / opportunities',
    weighting: 'cases in which it arises equally',
    interval: 'Wilson where every case has its own image and one opportunity; else CR2 t by image',
    source: 'Wilson 1927; Pustejovsky and Tipton 2018',
  },
  {
    name: 'subgroup',
    where: 'subgroups',
    words: 'mean of an age band, sex, skin tone or modality, and its difference from the rest; always exploratory',
    formula: 'mean(y | group); mean(y | group) − mean(y | rest)',
    weighting: 'cases equally, over all models first',
    interval: 'CR2 t by image; p after Benjamini–Hochberg within a measure',
    source: 'Benjamini and Hochberg 1995',
  },
  {
    name: 'detectable effect',
    where: 'detectable',
    words: 'smallest true effect that this run would have found with power 0.8',
    formula: 'noncentrality of the t test × standard error',
    weighting: 'as the contrast',
    interval: 'none',
    source: 'Cohen 1988',
  },
]
