import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../app/i18n';
import { Icon } from './icon';

/** The screen's heading: names the window, and takes the focus when the screen opens so that readers start here. */
export function usePageTitle(title: string, className?: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} | ${t().app.name}`;
  }, [title]);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={className}>
      {title}
    </h1>
  );
}

/** The way back, beside the heading. */
export function PageTop({ back, text, heading }: { back: string; text?: string; heading: JSX.Element }) {
  return (
    <div class="page-top">
      <a class="back" href={back} aria-label={text ?? t().app.back}>
        <Icon name="back" />
      </a>
      {heading}
    </div>
  );
}
