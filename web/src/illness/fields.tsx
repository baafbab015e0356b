// What is asked about an illness: only what its disease needs.
import { addDays } from '../app/days';
import type { Disease } from '../app/gives/illness';
import { today } from '../app/store';
import { Field, Select } from '../manage/parts';
import { labelOf, reckoning } from './diseases';
import type { Draft } from './draft';
import { words } from './words';

interface Props {
  draft: Draft;
  diseases: Disease[];
  change: (part: Partial<Draft>) => void;
  /** The school sets from when it counts. */
  staff?: boolean;
}

const OLDEST_DAYS = 60;

export function diseaseOptions(diseases: Disease[]): [string, string][] {
  return [['', words().choose], ...diseases.map((one): [string, string] => [one.code, labelOf(one)])];
}

interface EndProps {
  of: Disease;
  draft: Pick<Draft, 'onset_on' | 'ended_on' | 'treated_until' | 'cleared_on'>;
  change: Props['change'];
  /** They need not be over yet. */
  open?: boolean;
}

/** The days that decide when it may come again. */
export function EndFields({ of, draft, change, open }: EndProps) {
  const w = words();
  const byDays = of.suspends === 'by_days';
  return (
    <>
      {of.suspends !== 'by_doctor' && (
        <Field
          type="date"
          name="ended_on"
          label={of.end_sign ? (w.ended[of.end_sign] ?? w.endedPlain) : `${w.endedPlain}${w.optional}`}
          hint={open ? w.endedHint : undefined}
          min={draft.onset_on}
          max={today.value}
          value={draft.ended_on}
          onInput={(ended_on) => change({ ended_on })}
        />
      )}
      {of.treatment_days !== null && (
        <Field type="date" name="treated_until" label={`${w.treated}${w.optional}`} min={draft.onset_on} value={draft.treated_until} onInput={(treated_until) => change({ treated_until })} />
      )}
      {of.suspends !== 'no' && (
        <Field
          type="date"
          name="cleared_on"
          label={byDays ? `${w.cleared}${w.optional}` : w.cleared}
          hint={byDays ? w.clearedHint : open ? w.endedHint : undefined}
          min={draft.onset_on}
          value={draft.cleared_on}
          onInput={(cleared_on) => change({ cleared_on })}
        />
      )}
    </>
  );
}

export function IllnessFields({ draft, diseases, change, staff }: Props) {
  const w = words();
  const of = diseases.find((one) => one.code === draft.disease);
  return (
    <div class="illness-fields">
      <Select label={w.disease} value={draft.disease} options={diseaseOptions(diseases)} onChange={(disease) => change({ disease })} />
      {of && <p class="sub">{reckoning(of)}</p>}
      <Field
        type="date"
        name="onset_on"
        label={w.onset}
        hint={draft.disease === 'mumps' ? w.onsetMumps : w.onsetHint}
        min={addDays(today.value, -OLDEST_DAYS)}
        max={today.value}
        value={draft.onset_on}
        onInput={(onset_on) => change({ onset_on })}
      />
      <Field type="date" name="diagnosed_on" label={`${w.diagnosed}${w.optional}`} max={today.value} value={draft.diagnosed_on} onInput={(diagnosed_on) => change({ diagnosed_on })} />
      <Field name="institution" label={`${w.institution}${w.optional}`} maxLength={100} value={draft.institution} onInput={(institution) => change({ institution })} />
      {of && <EndFields of={of} draft={draft} change={change} open />}
      {staff && of && of.suspends !== 'no' && (
        <Field type="date" name="suspended_from" label={`${w.from}${w.optional}`} hint={w.fromHint} value={draft.suspended_from} onInput={(suspended_from) => change({ suspended_from })} />
      )}
      <Field name="note" label={`${w.note}${w.optional}`} maxLength={500} value={draft.note} onInput={(note) => change({ note })} />
    </div>
  );
}
