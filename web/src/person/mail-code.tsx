// The six digits from a mail: typed, sent again after a minute, and what to do when nothing comes.
import { useEffect, useState } from 'preact/hooks';
import { Notice } from '../ui/notice';
import { troubleOf } from './form';
import { words } from './words';

const PAUSE_S = 60;

function useSecondsUntil(instant: number): number {
  const left = () => Math.max(0, Math.ceil((instant - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => {
      setSeconds(left());
      if (left() === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [instant]);
  return seconds;
}

/** `sent`: when the last mail was asked for. */
export function SendAgain({ sent, send }: { sent: number; send: () => Promise<void> }) {
  const w = words().digits;
  const seconds = useSecondsUntil(sent + PAUSE_S * 1000);
  const [said, setSaid] = useState<{ good: boolean; text: string }>();
  const again = async () => {
    setSaid(undefined);
    try {
      await send();
      setSaid({ good: true, text: w.sentAgain });
    } catch (error) {
      const { problem, errors } = troubleOf(error);
      setSaid({ good: false, text: problem ?? Object.values(errors)[0] ?? '' });
    }
  };
  return (
    <>
      <button type="button" class="button" disabled={seconds > 0} onClick={() => void again()}>
        {seconds > 0 ? w.wait(seconds) : w.again}
      </button>
      {said && (
        <Notice tone={said.good ? 'good' : 'bad'} urgent>
          {said.text}
        </Notice>
      )}
    </>
  );
}

export function NoMailHelp({ lines }: { lines: string[] }) {
  return (
    <details class="help">
      <summary>{words().digits.helpTitle}</summary>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
