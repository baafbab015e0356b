import { useResource } from '../app/resource';
import { loadTerms, TermsText } from '../person/terms';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';

export function TermsScreen() {
  const { data, error, retry } = useResource(loadTerms, []);
  const heading = usePageTitle(personWords().terms.title);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow">
      <PageTop back="/" heading={heading} />
      {data ? <TermsText of={data} /> : <Loading />}
    </div>
  );
}
