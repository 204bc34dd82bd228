/** A source: how it stands in round brackets, and its BibTeX type and fields. */
type Reference = { short: string; type: 'article' | 'book' | 'techreport' | 'misc'; fields: Readonly<Record<string, string>> }

function arxiv(id: string, short: string, author: string, title: string, year: string): Reference {
  const fields = { author, title: `{${title}}`, year, eprint: id, archiveprefix: 'arXiv', url: `https://arxiv.org/abs/${id}` }
  return { short, type: 'misc', fields }
}

function article(short: string, author: string, title: string, journal: string, volume: string, pages: string): Reference {
  const year = /\d{4}$/u.exec(short)?.[0] ?? ''
  return { short, type: 'article', fields: { author, title: `{${title}}`, journal, volume, pages, year } }
}

/** Every source that the words of a report can cite, in the order of the bibliography. */
export const references = {
  imcbench: arxiv('2606.28556', 'IMCBench 2026', 'Xenochristou, Maria and others', 'IMCBench', '2026'),
  promptfoo: {
    short: 'promptfoo',
    type: 'misc',
    fields: { author: '{promptfoo contributors}', title: '{promptfoo}', url: 'https://www.promptfoo.dev' },
  },
  chart2025: {
    short: 'CHART 2025',
    type: 'article',
    fields: {
      author: '{CHART Collaborative}',
      title: '{Reporting guideline for chatbot health advice studies: the Chatbot Assessment Reporting Tool (CHART) statement}',
      journal: 'BMJ Medicine',
      volume: '4',
      pages: 'e001632',
      year: '2025',
      doi: '10.1136/bmjmed-2025-001632',
    },
  },
  tripodllm2025: {
    short: 'TRIPOD-LLM 2025',
    type: 'article',
    fields: {
      author: 'Gallifant, Jack and others',
      title: '{The TRIPOD-LLM reporting guideline for studies using large language models}',
      journal: 'Nature Medicine',
      volume: '31',
      pages: '60--69',
      year: '2025',
      doi: '10.1038/s41591-024-03425-5',
    },
  },
  bell2002: article(
    'Bell and McCaffrey 2002',
    'Bell, Robert M. and McCaffrey, Daniel F.',
    'Bias reduction in standard errors for linear regression with multi-stage samples',
    'Survey Methodology',
    '28',
    '169--181',
  ),
  pustejovsky2018: article(
    'Pustejovsky and Tipton 2018',
    'Pustejovsky, James E. and Tipton, Elizabeth',
    'Small-sample methods for cluster-robust variance estimation and hypothesis testing in fixed effects models',
    'Journal of Business and Economic Statistics',
    '36',
    '672--683',
  ),
  efron1987: article(
    'Efron 1987',
    'Efron, Bradley',
    'Better bootstrap confidence intervals',
    'Journal of the American Statistical Association',
    '82',
    '171--185',
  ),
  holm1979: article(
    'Holm 1979',
    'Holm, Sture',
    'A simple sequentially rejective multiple test procedure',
    'Scandinavian Journal of Statistics',
    '6',
    '65--70',
  ),
  krippendorff2011: {
    short: 'Krippendorff 2011',
    type: 'techreport',
    fields: {
      author: 'Krippendorff, Klaus',
      title: "{Computing Krippendorff's alpha-reliability}",
      institution: 'Annenberg School for Communication, University of Pennsylvania',
      year: '2011',
    },
  },
  shrout1979: article(
    'Shrout and Fleiss 1979',
    'Shrout, Patrick E. and Fleiss, Joseph L.',
    'Intraclass correlations: uses in assessing rater reliability',
    'Psychological Bulletin',
    '86',
    '420--428',
  ),
  lin1989: article(
    'Lin 1989',
    'Lin, Lawrence I-Kuei',
    'A concordance correlation coefficient to evaluate reproducibility',
    'Biometrics',
    '45',
    '255--268',
  ),
  manski1990: article(
    'Manski 1990',
    'Manski, Charles F.',
    'Nonparametric bounds on treatment effects',
    'American Economic Review',
    '80',
    '319--323',
  ),
} as const satisfies Record<string, Reference>

/** The key of a source, as it stands after `\cite`. */
export type ReferenceKey = keyof typeof references
