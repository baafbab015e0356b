// The few line drawings that the screens use. Always beside a word, never instead of one.
const paths = {
  check: 'M4 12.5l5 5L20 6.5',
  phone: 'M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  arrow: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  alert: 'M12 3.5L2 20.5h20zM12 10v5M12 17.6v.4',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.2v.3',
  close: 'M5 5l14 14M19 5L5 19',
  print: 'M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z',
  send: 'M3 11.5L21 3l-6.5 18-3.5-7.5z',
  up: 'M12 20V5M5 12l7-7 7 7',
  sound: 'M4 9v6h4l5 4V5L8 9zM17 8.5a5 5 0 0 1 0 7',
};

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
