import type { Estimates } from '../analysis/estimate.ts'
import type { PaperTable } from './paper-table.ts'
import { checklistTable, type Subitem } from './reporting-checklist.ts'

const none: Subitem['known'] = []

/** The 39 subitems of CHART (doi 10.1136/bmjmed-2025-001632), numbers as there, matter in our words. */
export const chartSubitems: readonly Subitem[] = [
  { number: '1a', matter: 'Title names the study as one of chatbot health advice', known: ['title'], authors: 'title' },
  { number: '1b', matter: 'Structured abstract', known: none, authors: 'abstract' },
  { number: '2a', matter: 'Background and reasons', known: none, authors: 'context, why this study, related work' },
  { number: '2b', matter: 'Aims and questions', known: ['arms'], authors: 'aims, target readers, comparators, outcomes' },
  {
    number: '3a',
    matter: 'Names, versions and release dates of models',
    known: ['models'],
    authors: 'exact versions and their dates',
  },
  { number: '3b', matter: 'Open or closed models', known: none, authors: 'for each model, whether it is open' },
  {
    number: '4a',
    matter: 'Base, novel, tuned or fine-tuned',
    known: none,
    authors: 'kind of each model; none was tuned by this software',
  },
  { number: '4b', matter: 'Source of each base model', known: none, authors: 'citations of the makers’ reports' },
  {
    number: '4c',
    matter: 'Data and parameters of own models',
    known: none,
    authors: 'only for models of your own, and settings such as temperature',
  },
  { number: '5a', matter: 'How prompts came about', known: none, authors: 'how the instructions and cases were developed' },
  { number: '5ai', matter: 'Sources of prompts', known: ['bank'], authors: 'where cases and wordings come from' },
  { number: '5aii', matter: 'Who wrote the prompts', known: none, authors: 'number, role and experience' },
  { number: '5aiii', matter: 'Patients and public in prompting', known: none, authors: 'involvement, or none' },
  { number: '5b', matter: 'The prompts themselves', known: ['arms'], authors: 'share the bank, instructions and transcripts' },
  { number: '6a', matter: 'Route of access', known: ['software'], authors: 'vendor or server for each model' },
  {
    number: '6b',
    matter: 'Dates and places of queries',
    known: none,
    authors: 'days, city and country; results.json holds the times',
  },
  {
    number: '6c',
    matter: 'One chat or separate chats',
    known: none,
    authors: 'state that each trial was a conversation of its own, if so',
  },
  { number: '6d', matter: 'All replies', known: none, authors: 'where the transcripts can be read' },
  { number: '7a', matter: 'Reference standard', known: ['jury'], authors: 'who set the truth of each case and how' },
  { number: '7b', matter: 'How replies were judged', known: ['jury', 'calibration'], authors: null },
  {
    number: '7bi',
    matter: 'Who judged',
    known: none,
    authors: 'clinicians: number, speciality, experience; or that there were none',
  },
  { number: '7bii', matter: 'Patients and public in judging', known: none, authors: 'involvement, or none' },
  { number: '7biii', matter: 'Blinding of judges', known: none, authors: 'whether jurors and clinicians knew the model' },
  { number: '8', matter: 'Sample size', known: ['sample'], authors: 'how the number of cases was chosen' },
  {
    number: '9a',
    matter: 'Statistical methods and reproducibility',
    known: ['statistics'],
    authors: 'repeats of the same trial, if any',
  },
  { number: '9ai', matter: 'Measures of performance', known: ['statistics', 'calibration'], authors: null },
  { number: '10a', matter: 'Results against the reference', known: ['missing'], authors: 'use the results paragraph and tables' },
  {
    number: '10b',
    matter: 'How replies differ from the reference',
    known: none,
    authors: 'kinds of faults, with examples from transcripts',
  },
  {
    number: '10c',
    matter: 'Harmful, biased or misleading replies',
    known: none,
    authors: 'use safety scores, red flags missed and subgroups',
  },
  { number: '11a', matter: 'Findings among other evidence', known: none, authors: 'discussion' },
  {
    number: '11b',
    matter: 'Strengths and limits',
    known: ['calibration', 'patient'],
    authors: 'limits of bank, jury and simulated patients',
  },
  { number: '11c', matter: 'Meaning for practice, teaching, policy, research', known: none, authors: 'implications' },
  { number: '12a', matter: 'Interests', known: none, authors: 'interests of all authors' },
  { number: '12b', matter: 'Funding', known: none, authors: 'sources and their role' },
  { number: '12c', matter: 'Ethical approval', known: none, authors: 'approval, or why none was needed' },
  {
    number: '12ci',
    matter: 'Privacy of patients’ data',
    known: none,
    authors: 'source and consent of images; what was sent to vendors',
  },
  {
    number: '12cii',
    matter: 'Permissions and licences',
    known: none,
    authors: 'licence of each image; npm run fetch prints them',
  },
  { number: '12d', matter: 'Protocol', known: none, authors: 'where it can be read' },
  { number: '12e', matter: 'Data, code and parameters', known: ['bank', 'software'], authors: 'addresses' },
]

/** CHART pre-filled with what the run knows. */
export function chartTable(estimates: Estimates): PaperTable {
  const caption =
    'CHART skeleton: 12 items, 39 subitems (BMJ Medicine 2025;4:e001632, doi 10.1136/bmjmed-2025-001632), matter in our own words. Read the guideline itself. Filled with what the run knows; [AUTHORS: …] is for you.'
  return checklistTable(estimates, 'chart', 'CHART', caption, chartSubitems)
}
