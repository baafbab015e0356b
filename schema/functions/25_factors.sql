-- What signing in stands on, shared by the ways of doing it.

create or replace function has_second_factor(account bigint) returns boolean
    language sql stable as
$$
    select exists (select from totp t where t.account_id = account and t.sealed is not null)
        or exists (select from passkeys p where p.account_id = account)
$$;
comment on function has_second_factor is 'An authenticator app or a passkey.';

-- Half signed in: time enough to find the telephone. Shared devices: an hour. Staff: a working day.
create or replace function session_life(bits int, shared boolean) returns interval
    language sql immutable as
$$
    select case when bits & 64 <> 0 then interval '15 minutes'
                when shared then interval '1 hour'
                when bits & 30 <> 0 then interval '12 hours'
                else interval '90 days' end
$$;
comment on function session_life is 'How long a session lives, from its role bits and whether others use the device.';

-- Opens a session and forgets the failures. With one factor, where two are due, it is half a session.
create or replace function session_begin(account bigint, new_token_sha256 bytea, agent text, shown smallint, shared boolean,
                                         network bytea) returns bigint
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
declare
    person record;
    made bigint;
begin
    select a.id, a.login_id, coalesce(x.role_bits, 0) as role_bits, session_bits(x.role_bits, shown, a.second_factor) as bits
    into person
    from accounts a
    left join access_of(array[account]) x on x.account_id = a.id
    where a.id = account and a.closed_at is null;
    if not found then return null; end if;
    insert into sessions (token_sha256, account_id, expires_at, device, factors, shared, network_sha256)
    values (new_token_sha256, account, now() + session_life(person.bits, coalesce(shared, false)), left(agent, 200), shown,
            coalesce(shared, false), network)
    returning id into made;
    delete from login_attempts t where t.login_sha256 = sha256(convert_to(person.login_id, 'UTF8'));
    if person.bits & 64 <> 0 then return made; end if;
    update accounts a set last_signed_in_at = now() where a.id = account;
    if person.role_bits & 30 <> 0 then
        insert into audit (account_id, action, object_kind, object_id) values (account, 'session_opened', 'session', made);
    end if;
    return made;
end
$$;
comment on function session_begin is 'A new session of an account, by the factors that were shown. Null: the account is closed.';

-- Whether this session may add a second factor: a whole one, or half a one where there is none yet. Else who knows the password
-- alone could put his own in the place of the one that is due.
create or replace function may_enrol(session bigint, account bigint) returns boolean
    language sql stable as
$$
    select exists (
        select from sessions s
        join accounts a on a.id = s.account_id
        left join access_of(array[$2]) x on x.account_id = a.id
        where s.id = $1 and s.account_id = $2
          and (session_bits(x.role_bits, s.factors, a.second_factor) & 64 = 0 or not has_second_factor($2)))
$$;

-- A second factor was shown: the session becomes a whole one under a new token, so that whoever knew the old one has nothing.
create or replace function session_complete(session bigint, account bigint, new_token_sha256 bytea,
                                            chosen boolean default false) returns bigint
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
declare
    bits constant int := coalesce((select x.role_bits from access_of(array[account]) x), 0);
    before smallint;
    done bigint;
begin
    select s.factors into before from sessions s where s.id = session;
    update sessions s
    set factors = 2, token_sha256 = new_token_sha256, next_sha256 = null, token_at = now(), proved_at = now(),
        expires_at = now() + session_life(bits, s.shared)
    where s.id = session and s.account_id = account and s.ended_at is null
    returning s.id into done;
    update accounts a set last_signed_in_at = now(), second_factor = a.second_factor or chosen
    where a.id = account and done is not null;
    if bits & 30 <> 0 and before = 1 and done is not null then
        insert into audit (account_id, action, object_kind, object_id) values (account, 'session_opened', 'session', done);
    end if;
    return done;
end
$$;
comment on function session_complete is 'Makes a session one that has shown both factors, under a new token. Null: there is none. chosen: from now on two are due.';

-- How long a proof counts, for what the engine's route flag PROVED guards.
create or replace function session_proved(proved_at timestamptz) returns boolean
    language sql stable as
$$ select $1 > now() - interval '15 minutes' $$;
comment on function session_proved is 'Whether a session''s proof is recent enough to change how its account is signed in to.';

-- Shown again within a session, which stays what it was, half or whole, for as long as it was; but a copy of its token has
-- nothing of it. The failures are forgotten, as by signing in.
create or replace function session_prove(session bigint, account bigint, new_token_sha256 bytea) returns bigint
    language sql as
$$
    with proved as (
        update sessions s
        set token_sha256 = $3, next_sha256 = null, token_at = now(), proved_at = now()
        where s.id = $1 and s.account_id = $2 and s.ended_at is null
        returning s.id, s.account_id
    ), forgotten as (
        delete from login_attempts t
        using proved p, accounts a
        where a.id = p.account_id and t.login_sha256 = sha256(convert_to(a.login_id, 'UTF8'))
    )
    select id from proved
$$;
comment on function session_prove is 'The person of a session has proved again who they are; it has a new token. Null: there is none.';

-- A passkey that was verified: its challenge is spent, and its counter goes up, or is never used at all; one that goes back is a copy.
create or replace function passkey_used(passkey bigint, challenge bytea, shown_count bigint, shown_backed_up boolean) returns bigint
    language sql as
$$
    with spent as (
        insert into spent_challenges (challenge_sha256) values ($2)
        on conflict do nothing
        returning challenge_sha256
    ), used as (
        update passkeys p
        set sign_count = $3, backed_up = $4, last_used_at = now()
        from spent
        where p.id = $1 and (p.sign_count < $3 or (p.sign_count = 0 and $3 = 0))
        returning p.account_id
    ), recorded as (
        insert into audit (account_id, action, object_kind, object_id)
        select p.account_id, 'passkey_copied', 'passkey', p.id
        from spent, passkeys p
        where p.id = $1 and not (p.sign_count < $3 or (p.sign_count = 0 and $3 = 0))
    )
    select account_id from used
$$;
comment on function passkey_used is 'Spends the challenge that a passkey has answered; whose it is, or null: spent before, or a copy.';

-- Many guesses at once are all found before the first has failed: who asked before a password is checked asks again when it was right.
create or replace function password_locked(login text) returns table (locked boolean, retry_after int)
    language sql stable as
$$
    select coalesce(max(t.locked_until) > now(), false),
           coalesce(ceil(greatest(extract(epoch from max(t.locked_until) - now()), 0)), 0)::int
    from login_attempts t
    where t.login_sha256 = sha256(convert_to($1, 'UTF8'))
$$;
comment on function password_locked is 'Whether the password of a login id may not be tried now, and for how many seconds: one row.';

-- Ten failures lock for 15 minutes, the next ten for 30, and so on up to a day, wherever the password was asked for. A guess that
-- was under way when the lock came doesn't make it longer.
create or replace function password_failed(account bigint, login text, out locked boolean, out retry_after int)
    language sql volatile as
$$
    with failed as (
        insert into login_attempts as t (login_sha256, failures)
        values (sha256(convert_to(login, 'UTF8')), 1)
        on conflict (login_sha256) do update
        set failures = case when t.failures >= 9 then 0 else t.failures + 1 end,
            locks = t.locks + (t.failures >= 9)::int,
            locked_until = case when t.failures >= 9
                                then now() + least(interval '15 minutes' * (1 << least(t.locks, 7)), interval '1 day')
                                else t.locked_until end,
            last_at = now()
        where t.locked_until is null or t.locked_until <= now()
        returning true as counted, locked_until, failures
    ), recorded as (
        insert into audit (account_id, action, object_kind, object_id)
        select account, 'login_locked', 'account', account
        from failed f
        where f.failures = 0 and account is not null
    )
    select f.counted is null or coalesce(f.locked_until > now(), false),
           ceil(greatest(extract(epoch from coalesce(f.locked_until, t.locked_until, now() + interval '15 minutes') - now()), 0))::int
    from (select) one
    left join failed f on true
    left join login_attempts t on t.login_sha256 = sha256(convert_to(login, 'UTF8'))
$$;
comment on function password_failed is
    'Counts a wrong password of an account (null: there is none) under its login id; whether it is locked now, and for how many seconds.';

-- Guesses that are counted before they are looked at, so that a hundred at once are not a hundred guesses: five, then
-- 15 minutes, five more, then 30, and so on up to a day.
create or replace function factor_attempt(account bigint) returns int
    language sql as
$$
    insert into login_attempts as t (login_sha256, failures) values (sha256(convert_to('factor ' || account, 'UTF8')), 1)
    on conflict (login_sha256) do update
    set failures = case when t.locked_until > now() then t.failures when t.failures >= 5 then 0 else t.failures + 1 end,
        locks = t.locks + (t.failures >= 5 and coalesce(t.locked_until <= now(), true))::int,
        locked_until = case when t.locked_until > now() then t.locked_until
                            when t.failures >= 5
                            then now() + least(interval '15 minutes' * (1 << least(t.locks, 7)), interval '1 day') end,
        last_at = now()
    returning coalesce(ceil(greatest(extract(epoch from t.locked_until - now()), 0)), 0)::int
$$;
comment on function factor_attempt is 'Counts a guess at a second factor; how many seconds the account is locked, 0: look at it.';

create or replace function factor_proved(account bigint) returns void
    language sql as
$$ delete from login_attempts t where t.login_sha256 = sha256(convert_to('factor ' || account, 'UTF8')) $$;
comment on function factor_proved is 'Forgets the guesses.';

-- What a browser says of itself, in the names that people know. Order matters: Edge calls itself Chrome, Chrome Safari.
create or replace function device_system(agent text) returns text
    language sql immutable parallel safe as
$$
    select case when agent ~ 'iPhone' then 'iPhone' when agent ~ 'iPad' then 'iPad' when agent ~ 'Android' then 'Android'
                when agent ~ 'Windows' then 'Windows' when agent ~ 'CrOS' then 'Chromebook' when agent ~ 'Macintosh' then 'Mac'
                when agent ~ 'Linux' then 'Linux' end
$$;
create or replace function device_browser(agent text) returns text
    language sql immutable parallel safe as
$$
    select case when agent ~ 'Edg(e|A|iOS)?/' then 'Edge' when agent ~ 'Line/' then 'LINE' when agent ~ 'SamsungBrowser/' then 'Samsung Internet'
                when agent ~ '(Firefox|FxiOS)/' then 'Firefox' when agent ~ '(Chrome|CriOS|Chromium)/' then 'Chrome'
                when agent ~ 'Safari/' then 'Safari' end
$$;

-- Whom a school's administrator may help with a lost factor: its staff and its children's guardians, but nobody who has a
-- role elsewhere as well.
create or replace function belongs_to_school_alone(account bigint, school int) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
    found boolean;
begin
    select (exists (select from staff_roles r where r.account_id = account and r.school_id = school and r.ended_at is null
                    and r.valid_from <= today() and (r.valid_to is null or r.valid_to >= today()))
            or exists (select from guardianships g where g.account_id = account and g.school_id = school and g.may_read
                       and g.valid_from <= today() and (g.valid_to is null or g.valid_to >= today())))
       and not exists (select from staff_roles r where r.account_id = account and r.school_id is distinct from school and r.ended_at is null
                       and r.valid_from <= today() and (r.valid_to is null or r.valid_to >= today()))
    into found;
    perform look_over_fence(before);
    return found;
end
$$;
comment on function belongs_to_school_alone is 'Whether an account is of this school, and is no staff elsewhere.';
revoke execute on function belongs_to_school_alone from public;
