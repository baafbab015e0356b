// The diseases, asked for once a page; and how the law reckons, in one sentence.
import { request } from '../app/api';
import type { Disease } from '../app/gives/illness';
import { language } from '../app/i18n';
import { useResource } from '../app/resource';
import { words } from './words';

let asking: Promise<Disease[]> | undefined;

export function loadDiseases(): Promise<Disease[]> {
  asking ??= request('GET /api/diseases').then(({ rows }) => rows);
  asking.catch(() => (asking = undefined));
  return asking;
}

export function useDiseases(): Disease[] | undefined {
  return useResource(loadDiseases, []).data;
}

export const labelOf = (of: Disease): string => of.labels[language.value] ?? of.label;

/** 発症の翌日から5日、かつ解熱の翌日から2日がたつまで、お休みです。 */
export function reckoning(of: Disease): string {
  const w = words().reckon;
  if (of.suspends === 'no') return w.no;
  if (of.suspends === 'by_doctor') return w.doctor;
  const onset = of.onset_days === null ? '' : w.onset(of.onset_days);
  const end = of.end_sign && of.end_days ? (w.end[of.end_sign]?.(of.end_days) ?? '') : '';
  if (end) return w.days([onset, end].filter(Boolean).join(w.and));
  const until = of.end_sign ? (w.until[of.end_sign] ?? '') : '';
  return w.until_([onset && `${onset}がたち`, until].filter(Boolean).join(w.and));
}
