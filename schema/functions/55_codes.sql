-- Codes, proofs of an address, limits: what invitations, registration and recovery share.

-- ---- limits ----

create or replace function limit_hit(name text, key bytea, most int, span interval) returns int
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    counted rate_limits;
begin
    if $2 is null then
        return 0;
    end if;
    insert into rate_limits as l (name, key) values ($1, $2)
    on conflict (name, key) do update
    set hits = case when l.began < now() - $4 then 1 else l.hits + 1 end,
        began = case when l.began < now() - $4 then now() else l.began end
    returning * into counted;
    return case when counted.hits > $3
                then greatest(ceil(extract(epoch from counted.began + $4 - now())), 1)::int else 0 end;
end
$$;
comment on function limit_hit is 'Counts one; how many seconds to wait when that is more than the most in this span, else 0.';

create or replace function limit_wait(name text, key bytea, most int, span interval) returns int
    language sql stable as
$$
    select coalesce(max(greatest(ceil(extract(epoch from l.began + $4 - now())), 1)), 0)::int
    from rate_limits l
    where l.name = $1 and l.key = $2 and l.hits >= $3 and l.began >= now() - $4
$$;
comment on function limit_wait is 'How many seconds to wait before one more would be counted, without counting; 0 when it would be within the limit.';

create or replace function account_key(account bigint) returns bytea
    language sql immutable parallel safe
    return sha256(convert_to('account ' || account, 'UTF8'));
comment on function account_key is 'The key of an account in rate_limits.';

-- ---- codes: 11 random symbols and one that checks them, over GF(32) with x^5 + x^2 + 1 ----

create or replace function code_check(symbols text) returns text
    language plpgsql immutable strict parallel safe as
$$
declare
    alphabet constant text := '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
    sum int := 0;
    digit int;
begin
    for i in 1 .. char_length(symbols) loop
        digit := strpos(alphabet, substr(symbols, i, 1)) - 1;
        if digit < 0 then
            return null;
        end if;
        sum := (sum # digit) << 1;
        if sum > 31 then
            sum := sum # 37;
        end if;
    end loop;
    return substr(alphabet, sum + 1, 1);
end
$$;
comment on function code_check is 'The symbol that goes behind a code''s others: it notices each wrong symbol and each two exchanged. Null: a symbol that is none.';

create or replace function code_new() returns text
    language plpgsql volatile parallel safe as
$$
declare
    alphabet constant text := '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
    random constant bytea := uuid_send(gen_random_uuid()); -- bytes 6 and 8 hold the version and variant
    symbols text := '';
    at int;
begin
    foreach at in array array [0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12] loop
        symbols := symbols || substr(alphabet, (get_byte(random, at) & 31) + 1, 1);
    end loop;
    return symbols || code_check(symbols);
end
$$;
comment on function code_new is 'A new code of 55 random bits, without hyphens.';

create or replace function code_read(typed text) returns text
    language sql immutable strict parallel safe as
$$
    select c.symbols
    from (select upper(regexp_replace(normalize($1, nfkc), '[[:space:]‐‑‒–—―−ーｰ-]', '', 'g')) as symbols) c
    where char_length(c.symbols) = 12 and code_check(left(c.symbols, 11)) = right(c.symbols, 1)
$$;
comment on function code_read is 'A code as typed (any case, width, hyphens) in its one form; null when it is mistyped.';

create or replace function code_print(code text) returns text
    language sql immutable strict parallel safe
    return substr(code, 1, 4) || '-' || substr(code, 5, 4) || '-' || substr(code, 9);

create or replace function code_hash(code text) returns bytea
    language sql immutable strict parallel safe
    return sha256(convert_to(code, 'UTF8'));

-- ---- what else is made by chance ----

create or replace function digits_new() returns text
    language sql volatile parallel safe
    return lpad((('x' || encode(substring(uuid_send(gen_random_uuid()) from 10 for 6), 'hex'))::bit(48)::bigint % 1000000)::text, 6, '0');
comment on function digits_new is 'Six random digits, for a mail.';

create or replace function token_new() returns text
    language sql volatile parallel safe
    return replace(gen_random_uuid()::text || gen_random_uuid(), '-', '');
comment on function token_new is '244 random bits, as text.';

create or replace function login_id_new() returns text
    language plpgsql volatile as
$$
declare
    consonants constant text := 'bcdfghkmnprstwxz';
    random bytea;
    made text;
begin
    loop
        random := uuid_send(gen_random_uuid());
        made := '';
        for at in 0 .. 3 loop
            made := made || substr(consonants, (get_byte(random, at) & 15) + 1, 1);
        end loop;
        for at in 9 .. 12 loop
            made := made || (get_byte(random, at) & 7) + 2;
        end loop;
        exit when not exists (select from accounts a where a.login_id = made);
    end loop;
    return made;
end
$$;
comment on function login_id_new is 'A free login id: four consonants and four digits, nothing that looks alike, no word.';

-- ---- six digits by mail ----

create or replace function digits_hash(verification bigint, digits text) returns bytea
    language sql immutable strict parallel safe
    return sha256(convert_to(verification || ' ' || digits, 'UTF8'));

-- Three mails an hour, ten a day go to one address; what is over that is not sent, and not told: an address that is
-- nobody's must look the same, so the tries and the time go on in any case.
create or replace function verification_send(verification bigint, fits boolean, says text, otherwise text, said jsonb) returns void
    language plpgsql volatile as
$$
declare
    digits constant text := digits_new();
    address text;
    goes boolean;
begin
    select v.email into address from verifications v where v.id = verification;
    goes := limit_hit('mails', mail_address_hash(address), 3, '1 hour') = 0 and limit_hit('mails of a day', mail_address_hash(address), 10, '1 day') = 0;
    update verifications v
    set code_sha256 = case when not goes then v.code_sha256 when fits then digits_hash(v.id, digits) end, code_until = now() + interval '30 minutes'
    where v.id = verification;
    if goes and address is not null then
        perform mail_say(address, case when fits then says else otherwise end, said || jsonb_build_object('digits', digits), null,
                         interval '30 minutes');
    end if;
end
$$;
comment on function verification_send is
    'New six digits to the address of a verification; where they must not fit, another text that says why.';

create or replace function verification_prove(verification bigint, typed text, guesser bytea, out outcome text, out retry_after int,
                                              out tries_left int)
    language plpgsql volatile as
$$
declare
    v verifications;
begin
    select * into v from verifications where id = $1 for update;
    if v.proved_at is not null then
        return;
    end if;
    if v.code_until is null or v.code_until < now() or v.tries >= 5 then
        outcome := 'mail_code_over';
    elsif v.code_sha256 = digits_hash(v.id, regexp_replace(normalize(typed, nfkc), '[[:space:]-]', '', 'g')) then
        update verifications set proved_at = now() where id = v.id;
    else
        update verifications set tries = tries + 1 where id = v.id;
        retry_after := nullif(limit_hit('digits', guesser, 30, '15 minutes'), 0);
        outcome := case when retry_after is null then 'mail_code_wrong' else 'too_many' end;
        tries_left := 4 - v.tries;
    end if;
end
$$;
comment on function verification_prove is 'Are these the digits that were sent? Five tries; 30 wrong ones in 15 minutes from one network.';

create or replace function verification_of(token text, purpose text) returns verifications
    language sql volatile as
$$
    select v.* from verifications v
    where v.token_sha256 = sha256(convert_to($1, 'UTF8')) and v.purpose = $2 and v.expires_at > now()
    for update
$$;
comment on function verification_of is 'The registration or recovery that a token carries, while it may go on.';

-- ---- invitations by their code ----

-- Looks over the fence: who holds a code belongs to no school yet. Counts wrong ones for whoever guesses.
create or replace function invitation_find(typed text, guesser bytea, kinds text[], out outcome text, out retry_after int,
                                           out invitation invitations)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    symbols constant text := code_read(typed);
    before constant text := look_over_fence('*');
begin
    retry_after := nullif(limit_wait('codes', guesser, 300, '15 minutes'), 0);
    if symbols is null then
        outcome := 'code_mistyped';
        retry_after := null;
    elsif retry_after is not null then
        outcome := 'too_many_codes';
    else
        select i.* into invitation
        from invitations i
        join students s on s.id = i.student_id and (s.left_on is null or s.left_on > today())
        left join accounts a on a.id = i.account_id
        where i.code_sha256 = code_hash(symbols) and i.kind = any (kinds) and i.used_at is null and i.revoked_at is null
          and i.expires_at > now() and a.closed_at is null
        for update of i;
        if not found then
            retry_after := nullif(limit_hit('codes', guesser, 30, '15 minutes'), 0);
            outcome := case when retry_after is null then 'code_unknown' else 'too_many_codes' end;
            if limit_hit('codes of all', '\x00', 999, '15 minutes') > 0
               and limit_hit('codes told', '\x00', 1, '15 minutes') = 0 then
                insert into audit (action, object_kind, detail) values ('codes_guessed', 'city', '{"more_than": 999, "minutes": 15}');
            end if;
        end if;
    end if;
    perform look_over_fence(before);
end
$$;
comment on function invitation_find is
    'The open invitation of a code as typed; or the outcome that is told: code_mistyped, code_unknown, too_many_codes.';

create or replace function guardians_of(student bigint) returns int
    language sql stable as
$$
    select count(*)::int from guardianships g
    where g.student_id = $1 and g.rights <> 'blocked' and (g.valid_to is null or g.valid_to >= today())
$$;
comment on function guardians_of is 'How many guardians a child has, of those in view.';

create or replace function guardians_lock(student bigint) returns void
    language sql volatile as
$$ select pg_advisory_xact_lock(hashtextextended('guardians of ' || $1, 0)) $$;
comment on function guardians_lock is 'Until the end of the transaction nobody else lets guardians of this child in.';

revoke execute on function invitation_find from public;
