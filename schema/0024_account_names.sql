-- A name that an account had before: the school may put a guardian's name right, and everybody their own.
alter table accounts add column names_version int not null default 1;
comment on column accounts.names_version is 'Goes up with each change of the names.';

create table account_names (
    account_id  bigint      not null references accounts,
    version     int         not null,
    family_name text        not null,
    given_name  text        not null,
    family_kana text        not null,
    given_kana  text        not null,
    replaced_at timestamptz not null default now(),
    replaced_by bigint,
    primary key (account_id, version)
);
comment on table account_names is
    'The names that an account had before. Written by the trigger alone; gone with the account (account_erase).';
comment on column account_names.replaced_by is 'Who changed them (todoke.changed_by); null: nobody who was signed in.';
create trigger append_only before update or truncate on account_names
    for each statement execute function refuse_change();

create function account_renamed() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    new.names_version := old.names_version + 1;
    insert into account_names (account_id, version, family_name, given_name, family_kana, given_kana, replaced_by)
    values (old.id, old.names_version, old.family_name, old.given_name, old.family_kana, old.given_kana,
            nullif(current_setting('todoke.changed_by', true), '')::bigint);
    return new;
end
$$;
create trigger renamed before update of family_name, given_name, family_kana, given_kana on accounts for each row
    when ((old.family_name, old.given_name, old.family_kana, old.given_kana)
          is distinct from (new.family_name, new.given_name, new.family_kana, new.given_kana) and new.erased_at is null)
    execute function account_renamed();
