// The minute of the city's day, for what a screen says because time goes by.
import { useEffect, useState } from 'preact/hooks';
import { minuteOf } from '../app/days';

const LOOK_MS = 15_000;

export function useMinute(): number {
  const [minute, setMinute] = useState(() => minuteOf(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setMinute(minuteOf(Date.now())), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return minute;
}
