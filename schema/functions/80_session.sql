-- What GET /session gives. second_factor: how the one that is due can be shown; consent_due: which text is to be agreed to;
-- null: none is due.
create or replace function session_of(account bigint, session bigint)
    returns table (account_id bigint, family_name text, given_name text, roles jsonb, is_guardian boolean, today date,
                   demo boolean, shared boolean, second_factor text, consent_due text)
    language sql stable as
$$
    select a.id, a.family_name, a.given_name, session_roles(a.id), coalesce(x.role_bits & 1, 0) = 1, today(),
           exists (select from demo_accounts), s.shared,
           case when session_bits(x.role_bits, s.factors, a.second_factor) & 64 = 0 then null
                when exists (select from totp t where t.account_id = a.id and t.sealed is not null) then 'code'
                when exists (select from passkeys p where p.account_id = a.id) then 'passkey'
                else 'enrol' end,
           consent_due(a.id, coalesce(x.role_bits & 1, 0) = 1)
    from accounts a
    join sessions s on s.id = $2 and s.account_id = a.id
    left join access_of(array[$1]) x on x.account_id = a.id
    where a.id = $1
$$;
comment on function session_of is 'A session as its owner is shown it.';
