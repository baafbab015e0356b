import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { FailurePage } from './failure';
import { Loading } from './loading';

type Params = Record<string, string>;

/** A screen whose code loads when it is first opened. */
export function Lazy(props: { load: () => Promise<ComponentType<{ params: Params }>>; params: Params }) {
  const [Loaded, setLoaded] = useState<ComponentType<{ params: Params }>>();
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    props.load().then(
      (component) => setLoaded(() => component),
      () => setFailed(true),
    );
  };
  useEffect(load, []);
  if (failed) return <FailurePage retry={load} />;
  return Loaded ? <Loaded params={props.params} /> : <Loading />;
}
