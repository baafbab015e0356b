-- What the app's role may do. It owns nothing.
do $$
begin
    -- The hot statements are short: compiling them costs more than it saves.
    execute format('alter database %I set jit = off', current_database());
exception when insufficient_privilege then
    raise notice 'jit is left as it is';
end
$$;

do $$
begin
    if not exists (select from pg_roles where rolname = 'todoke_app') then
        raise notice 'role todoke_app does not exist: no grants';
        return;
    end if;
    grant usage on schema public to todoke_app;
    grant select on all tables in schema public to todoke_app;
    grant usage on all sequences in schema public to todoke_app;
    grant insert, update on absences, absence_requests, standing_absences, attendance, roll_calls, inquiries, accounts, sessions
        to todoke_app;
    grant insert, delete on idempotency to todoke_app;
    grant insert, update, delete on login_attempts to todoke_app;
    grant insert, update on closures, illnesses to todoke_app;
    grant insert on register_corrections, escalations to todoke_app;
    grant delete on sessions to todoke_app;
    grant insert, update, delete on totp, recovery_codes, passkeys to todoke_app;
    grant insert, delete on session_tokens_past, spent_challenges to todoke_app;
    grant insert on audit to todoke_app;
    grant insert, update, delete on outbox, undeliverable to todoke_app;
    grant insert, delete on demo_mails to todoke_app;
    grant insert, update, delete on tellings, telling_choices, push_subscriptions to todoke_app;
    grant execute on function access_of, session_roles, belongs_to_school_alone to todoke_app;
    grant insert, update on students, classes to todoke_app;
    grant update (next_school_id) on schools to todoke_app;
    grant insert, update, delete on roster_mappings, export_mappings to todoke_app;
    grant execute on function roster_due, roster_purge to todoke_app;
    grant insert on terms to todoke_app;
    grant insert, update on erasures to todoke_app;
    grant insert, delete on erasure_students to todoke_app;
    grant execute on function actors_of, own_links, audit_about, account_leave, erasure_step, erasure_certificate to todoke_app;
    grant insert, update, delete on verifications, email_changes, rate_limits to todoke_app;
    grant insert, update on invitations to todoke_app;
    grant update, delete on guardianships to todoke_app;
    grant execute on function invitation_look, registration_start, registration_finish, verification_again, verification_confirm,
        verification_look, verification_resume, recovery_start, recovery_finish, email_change_stop, children_linked, child_add,
        sessions_end, reset_codes_revoke to todoke_app;
    grant insert, update on staff_roles, staff_invitations, account_identities to todoke_app;
    grant insert, delete on oidc_attempts to todoke_app;
    grant insert, update, delete on calendar_entries, intake_rules, reasons to todoke_app;
    grant insert, update on marks, groups to todoke_app;
    grant insert, delete on group_members to todoke_app;
    grant update (correct_until, escalate_at, escalate_again_at, times_version, shows_health, health_version) on schools to todoke_app;
    grant update (closure_percent, closure_fewest, health_version) on city to todoke_app;
    grant execute on function staff_invitation_look, staff_join, staff_accept, oidc_account to todoke_app;
end
$$;
