// A short, soft sound for a new report, where the teacher has asked for it.
let context: AudioContext | undefined;

/** Called from a tap, as browsers want it. */
export function prepareChime(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function chime(): void {
  if (!context) return;
  const tone = context.createOscillator();
  const volume = context.createGain();
  const now = context.currentTime;
  tone.frequency.setValueAtTime(880, now);
  tone.frequency.setValueAtTime(1175, now + 0.12);
  volume.gain.setValueAtTime(0.12, now);
  volume.gain.exponentialRampToValueAtTime(0.001, now + 0.5);
  tone.connect(volume).connect(context.destination);
  tone.start(now);
  tone.stop(now + 0.5);
}
