import { type Draft, SYMPTOMS } from '../app/draft';
import { t } from '../app/i18n';
import type { Symptom } from '../app/nouns';

/** Only where the reason asks, and never a duty: the usual report stays as short as it was. */
export function SymptomsField({ chosen, onChange }: { chosen: Symptom[]; onChange: (change: Partial<Draft>) => void }) {
  const words = t().report;
  const toggle = (one: Symptom) => onChange({ symptoms: chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one] });
  return (
    <fieldset class="field-set" id="field-symptoms">
      <legend>
        {words.symptoms} <span class="sub">{words.symptomsHint}</span>
      </legend>
      <div class="chips">
        {SYMPTOMS.map((one) => (
          <label key={one} class="chip">
            <input type="checkbox" name="symptoms" value={one} checked={chosen.includes(one)} onChange={() => toggle(one)} />
            <span>{t().symptom[one]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
