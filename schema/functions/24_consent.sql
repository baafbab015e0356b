-- What people agreed to.

create or replace function terms_current() returns text
    language sql stable as
$$ select t.version from terms t order by t.published_at desc, t.version desc limit 1 $$;
comment on function terms_current is 'The version of the terms that holds.';

create or replace function consent_due(account bigint, is_guardian boolean) returns text
    language sql stable as
$$
    select t.version
    from accounts a, terms_current() as t (version)
    where $2 and a.id = $1 and a.consent_version is distinct from t.version
$$;
comment on function consent_due is 'The version that a guardian has not agreed to yet; null: nothing is due.';
