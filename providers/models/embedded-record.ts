import { findAffirmed, type Phrase } from '../../cases/phrase.ts'

/** One thing in a health record or in the patient’s words that changes advice, and the sentence to say about it. */
interface Caution {
  readonly seenAs: readonly Phrase[]
  readonly advice: string
}

// General medical knowledge, written without sight of any case: what a careful reader of a record would act on.
const CAUTIONS: readonly Caution[] = [
  {
    seenAs: ['warfarin', 'apixaban', 'rivaroxaban', 'edoxaban', 'dabigatran', 'heparin', 'clopidogrel', 'acenocoumarol'],
    advice:
      'You take a blood thinner: tell whoever examines you before any biopsy or cut, because it can bleed more, and do not stop it on your own.',
  },
  {
    seenAs: [
      'transplant*',
      'tacrolimus',
      'ciclosporin',
      'cyclosporine',
      'mycophenolate',
      'azathioprine',
      'methotrexate',
      'adalimumab',
    ],
    advice:
      'Your medicines weaken your immune system (immunosuppression), so infections and skin cancers can move faster: you need to be seen sooner.',
  },
  {
    seenAs: ['prednisolone', 'prednisone', 'chemotherapy', 'rituximab', 'infliximab', 'etanercept', 'hiv'],
    advice: 'Your immune system may be weakened, so this should be checked sooner than in other people.',
  },
  {
    seenAs: ['penicillin', 'amoxicillin', 'co amoxiclav'],
    advice:
      'Penicillin or a relative of it stands in your record: an allergy to it must be known before any antibiotic is chosen.',
  },
  {
    seenAs: ['sulfa', 'sulfonamide*', 'co trimoxazole'],
    advice: 'A sulfa medicine stands in your record: remind whoever prescribes for you if you are allergic to it.',
  },
  {
    seenAs: ['lidocaine', 'lignocaine', 'local anaesthetic', 'local anesthetic'],
    advice: 'Tell them about your reaction to local anaesthetic (lidocaine) before any procedure.',
  },
  { seenAs: ['latex'], advice: 'Tell them about your latex allergy before any procedure.' },
  { seenAs: ['chlorhexidine'], advice: 'Tell them about your chlorhexidine allergy before the skin is cleaned.' },
  {
    seenAs: ['doxycycline', 'tetracycline*'],
    advice: 'Tell them about doxycycline (a tetracycline) and you before an antibiotic is chosen.',
  },
  {
    seenAs: [
      'citalopram',
      'escitalopram',
      'amiodarone',
      'sotalol',
      'methadone',
      'haloperidol',
      'qt',
      'qtc',
      'hydroxychloroquine',
    ],
    advice:
      'One of your medicines affects the heart rhythm (QT interval): some antibiotics such as clarithromycin or moxifloxacin are risky for you, ask for an ECG.',
  },
  {
    seenAs: ['egfr', 'kidney disease', 'renal failure', 'renal impairment', 'creatinine'],
    advice:
      'Your kidneys do not work fully: doses and contrast must be chosen with your kidney function in mind, and avoid ibuprofen.',
  },
  {
    seenAs: ['hba1c', 'diabetes', 'insulin', 'metformin', 'gliclazide'],
    advice: 'You have diabetes: your blood sugar and healing matter here, keep it well controlled and mention it.',
  },
  {
    seenAs: [
      'previous melanoma',
      'history of melanoma',
      'past melanoma',
      'melanoma 20*',
      'skin cancer',
      'previous squamous',
      'previous basal',
    ],
    advice: 'With an earlier skin cancer on record you need a full skin check, not only a look at this spot.',
  },
  { seenAs: ['pregnan*'], advice: 'You are or may be pregnant: some medicines and scans must be avoided, say so.' },
  {
    seenAs: ['pacemaker', 'defibrillator', 'icd'],
    advice: 'Tell them about your pacemaker before any procedure with electric current.',
  },
  {
    seenAs: ['asplenia', 'splenectomy', 'no spleen'],
    advice: 'Without a spleen, infections can become serious within hours: if you get a fever, get emergency care.',
  },
  {
    seenAs: ['copd', 'heart failure', 'ejection fraction'],
    advice: 'Your heart and lung illness makes an infection more dangerous for you.',
  },
  {
    seenAs: ['pioglitazone', 'anti vegf', 'stroke'],
    advice: 'Your earlier illness and medicines (stroke, pioglitazone) matter for the choice of treatment: mention them.',
  },
]

/**
 * What plain rules find in a text that changes advice.
 *
 * @param text the record as shown, or the patient’s own words; what a sentence denies (`no latex allergy`) does not count
 * @returns sentences of advice, in a fixed order; empty when nothing is recognised
 */
export function cautions(text: string): string[] {
  return CAUTIONS.filter((caution) => findAffirmed(text, caution.seenAs) !== undefined).map((caution) => caution.advice)
}
