-- Sign-in at a provider: a browser goes there and comes back.

-- name: oidc_attempt_begin
-- public write
-- takes: state_sha256 bytea, provider text, nonce text, verifier text
with over as (
    delete from oidc_attempts where made_at < now() - interval '10 minutes'
)
insert into oidc_attempts (state_sha256, provider, nonce, verifier)
values (:state_sha256, :provider, :nonce, :verifier)
returning provider;

-- name: oidc_attempt_take
-- public write
-- takes: state_sha256 bytea
delete from oidc_attempts a
where a.state_sha256 = :state_sha256 and a.made_at > now() - interval '10 minutes'
returning a.provider, a.nonce, a.verifier;

-- name: oidc_account_find
-- public write
-- takes: provider text, subject text, email text
select oidc_account(:provider, :subject, :email) as account_id;

-- name: oidc_session_open
-- public write
-- takes: account_id bigint, token_sha256 bytea, device text, factors smallint, network bytea
select :account_id as account_id
from session_begin(:account_id, :token_sha256, :device, :factors, false, :network) o (session_id)
where o.session_id is not null;
