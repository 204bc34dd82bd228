import type { Estimates } from '../analysis/estimate.ts'
import type { PaperTable } from './paper-table.ts'
import { checklistTable, type Subitem } from './reporting-checklist.ts'

const none: Subitem['known'] = []
const notHere = 'not for an evaluation without development, unless you trained or tuned a model'

/** The rows of the checklist of TRIPOD-LLM (doi 10.1038/s41591-024-03425-5), numbers as there, matter in our words. */
export const tripodLlmSubitems: readonly Subitem[] = [
  { number: '1', matter: 'Title: evaluation, task, population, outcome', known: ['title'], authors: 'title' },
  { number: '2', matter: 'Abstract by its own list', known: none, authors: 'see TRIPOD-LLM for abstracts' },
  { number: '3a', matter: 'Context and reasons', known: none, authors: 'use in care, related work' },
  { number: '3b', matter: 'Whom it is for and how it is used', known: none, authors: 'population, users, place in care' },
  { number: '4', matter: 'Aims', known: ['arms'], authors: 'aims; this is an evaluation of existing models' },
  { number: '5a', matter: 'Sources of data', known: ['bank'], authors: 'where images and cases come from, and why these' },
  { number: '5b', matter: 'What the data hold', known: ['sample'], authors: 'languages, countries, strata' },
  { number: '5c', matter: 'Oldest and newest data', known: none, authors: 'dates of images and cases' },
  {
    number: '5d',
    matter: 'Preparation and checks of data',
    known: none,
    authors: 'cropping, masking, review of cases; npm run audit',
  },
  { number: '5e', matter: 'Missing and unbalanced data', known: ['missing'], authors: null },
  { number: '6a', matter: 'Name, version, last training of models', known: ['models'], authors: 'versions and dates' },
  { number: '6b', matter: 'How models were built', known: none, authors: notHere },
  {
    number: '6c',
    matter: 'Prompts and settings of inference',
    known: none,
    authors: 'instructions, temperature, length limits, seeds',
  },
  { number: '6d', matter: 'Raw and processed output', known: none, authors: 'conversations in text; how they were scored' },
  {
    number: '6e',
    matter: 'Classes and thresholds',
    known: ['jury'],
    authors: 'safety at 2 or less counts as deficient, where used',
  },
  { number: '7a', matter: 'Measures of quality', known: ['jury', 'calibration'], authors: null },
  {
    number: '7b',
    matter: 'Relevance of measures, and human judgement',
    known: ['calibration'],
    authors: 'what the measures mean for care',
  },
  {
    number: '7c',
    matter: 'Outcome, computation, dates of inference',
    known: ['statistics', 'software'],
    authors: 'dates on which models were asked',
  },
  {
    number: '7d',
    matter: 'Who assessed, instructions, agreement',
    known: ['jury'],
    authors: 'clinicians’ qualification and agreement, or that there were none',
  },
  { number: '7e', matter: 'Compared with what', known: ['models', 'arms'], authors: 'other benchmarks, clinicians' },
  { number: '8a', matter: 'Labelling rules', known: none, authors: 'instructions to clinicians, or that there were none' },
  {
    number: '8b',
    matter: 'Number of annotators, overlap, agreement',
    known: none,
    authors: 'numbers; see table of jury against clinicians',
  },
  { number: '8c', matter: 'Background of annotators or labelling models', known: ['jury'], authors: 'background of clinicians' },
  { number: '9a', matter: 'Design and choice of prompts', known: none, authors: 'how instructions were written and fixed' },
  { number: '9b', matter: 'Data behind the prompts', known: none, authors: 'cases used to write them, kept out of the bank' },
  { number: '10', matter: 'Preparation before summarising', known: none, authors: 'not for conversations' },
  { number: '11', matter: 'Tuning by instructions', known: none, authors: notHere },
  { number: '12', matter: 'Compute', known: none, authors: 'cost and time; results.json holds usage by call' },
  { number: '13', matter: 'Ethical approval', known: none, authors: 'approval or waiver' },
  { number: '14a', matter: 'Funding', known: none, authors: 'sources and role' },
  { number: '14b', matter: 'Interests', known: none, authors: 'interests of all authors' },
  { number: '14c', matter: 'Protocol', known: none, authors: 'address, or none' },
  { number: '14d', matter: 'Registration', known: none, authors: 'register and number, or none' },
  { number: '14e', matter: 'Data', known: ['bank'], authors: 'address' },
  { number: '14f', matter: 'Code', known: ['software'], authors: 'address' },
  { number: '15', matter: 'Patients and public', known: none, authors: 'involvement, or none' },
  { number: '16a', matter: 'Flow of data', known: ['missing'], authors: 'patients here are synthetic, if so' },
  { number: '16b', matter: 'Characteristics', known: ['sample'], authors: 'use the tables of strata and subgroups' },
  { number: '16c', matter: 'Development against evaluation data', known: none, authors: notHere },
  {
    number: '16d',
    matter: 'Numbers in each analysis',
    known: ['sample'],
    authors: 'tables give cases and images beside each number',
  },
  { number: '17', matter: 'Performance', known: ['statistics'], authors: 'use the results paragraph and tables' },
  { number: '18', matter: 'Updated models', known: none, authors: notHere },
  { number: '19a', matter: 'Meaning and fairness', known: none, authors: 'discussion, with subgroups' },
  { number: '19b', matter: 'Limits', known: ['calibration', 'patient'], authors: 'limits of bank, jury and simulated patients' },
  { number: '19c', matter: 'Difficulties of the data', known: ['missing'], authors: 'who is not represented' },
  { number: '19d', matter: 'Intended use and oversight', known: none, authors: 'use, users, who watches' },
  { number: '19e', matter: 'Poor or absent input', known: ['arms'], authors: 'what the arms without image or record say of it' },
  { number: '19f', matter: 'What users must do and know', known: none, authors: 'expertise needed' },
  { number: '19g', matter: 'Next steps', known: none, authors: 'further research' },
]

/** TRIPOD-LLM pre-filled with what the run knows. */
export function tripodLlmTable(estimates: Estimates): PaperTable {
  const caption =
    'TRIPOD-LLM skeleton: 19 items (Nature Medicine 2025;31:60–69, doi 10.1038/s41591-024-03425-5), matter in our own words. The guideline counts 50 subitems; its checklist, as public copies show it, has the 49 rows below. Read the guideline itself. Filled with what the run knows; [AUTHORS: …] is for you.'
  return checklistTable(estimates, 'tripod-llm', 'TRIPOD-LLM', caption, tripodLlmSubitems)
}
