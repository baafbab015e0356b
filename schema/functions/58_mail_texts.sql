-- What the mails about accounts say, all in one place. They carry no links: what must be typed is typed where the person
-- already is, so that nobody learns to follow a link in a mail that says it is ours.
create or replace function mail_text(kind text, said jsonb, out subject text, out body text)
    language plpgsql immutable parallel safe as
$$
declare
    digits constant text := coalesce(said ->> 'digits', '');
    typed constant text := E'確認コード: ' || digits || E'\n\n画面にこの6桁の数字を入力してください。30分間使えます。\n';
    not_you constant text := E'\nお心当たりのない場合は、このメールを破棄してください。';
    alarm constant text := E'\nお心当たりのない場合は、すぐにパスワードを設定し直し、お子さんの学校へご連絡ください。';
begin
    case kind
        when 'registration' then
            subject := '確認コード ' || digits || '(保護者登録)';
            body := coalesce(said ->> 'school' || E'の', '') || E'保護者登録を受け付けました。\n\n' || typed || not_you;
        when 'registration_known' then
            subject := 'このメールアドレスは登録済みです';
            body := E'このメールアドレスで保護者登録の操作がありましたが、すでに登録されています。\n\nお子さんを追加するときは、ログインしてから「お子さんを追加」で登録コードを入力してください。'
                    || E'\nIDやパスワードをお忘れのときは、「パスワードを忘れたとき」をご利用ください。\n' || not_you;
        when 'registered' then
            subject := '保護者登録が完了しました';
            body := E'保護者登録が完了しました。\n\nログインID: ' || (said ->> 'login') || E'\n\nログインには、ログインIDかこのメールアドレスを使えます。\n' || alarm;
        when 'recovery' then
            subject := '確認コード ' || digits || '(パスワードの再設定)';
            body := E'パスワードの再設定を受け付けました。\n\nログインID: ' || coalesce(said ->> 'login', '') || E'\n\n' || typed || not_you;
        when 'recovery_unknown' then
            subject := 'パスワードの再設定について';
            body := E'このメールアドレスでパスワード再設定の操作がありましたが、このアドレスの登録はありません。\n\n別のメールアドレスで登録されていないか、ご確認ください。'
                    || E'まだ登録していない方は、学校からの登録コードで登録できます。\n' || not_you;
        when 'password_set' then
            subject := 'パスワードが変更されました';
            body := E'ログインID ' || (said ->> 'login') || E' のパスワードが変更されました。ほかの端末はログアウトしました。\n' || alarm;
        when 'reset_code' then
            subject := '再設定コードが発行されました';
            body := E'学校の窓口で、あなたの再設定コードが発行されました。\n' || alarm;
        when 'email_new' then
            subject := '確認コード ' || digits || '(メールアドレスの変更)';
            body := E'このアドレスへの変更を受け付けました。\n\n' || typed || not_you;
        when 'email_taken' then
            subject := 'このメールアドレスは登録済みです';
            body := E'メールアドレスをこのアドレスに変更する操作がありましたが、このアドレスはすでに別の登録で使われています。\n' || not_you;
        when 'email_old' then
            subject := '確認コード ' || digits || '(メールアドレスの変更)';
            body := E'別のメールアドレスへの変更を受け付けました。ご本人の操作でしたら、この確認コードも入力してください。\n\n' || typed || alarm;
        when 'email_changed' then
            subject := 'メールアドレスが変更されました';
            body := E'登録のメールアドレスが、別のアドレスに変更されました。\n\nお心当たりのない場合は、7日以内に「パスワードを忘れたとき」の画面で「メールアドレスの変更を取り消す」を選び、'
                    || E'次のコードを入力してください。元のアドレスに戻り、すべての端末がログアウトします。変更のころに追加された認証アプリ・回復コード・パスキーなども削除します。\n\n取り消しコード: ' || (said ->> 'code');
        when 'email_restored' then
            subject := 'メールアドレスを元に戻しました';
            body := E'登録のメールアドレスをこのアドレスに戻し、すべての端末をログアウトしました。それまでのパスワードは使えません。'
                    || E'\n\n変更の24時間前から後（変更した人がそれより前からログインしていたときは、そのログインから後）に追加された認証アプリ・回復コード・パスキー・ほかのサービスとの連携は、安全のためすべて削除しました。'
                    || E'\n\n「パスワードを忘れたとき」の画面から、新しいパスワードを設定してください。ログインしたら、覚えのないパスキーや認証アプリが残っていないことを確かめ、'
                    || E'必要なものを登録し直してください。教職員の方は、二段階認証の登録が改めて必要になることがあります。';
        when 'invitation' then
            subject := '登録コードのお知らせ';
            body := (said ->> 'school') || E'の保護者登録に招待されました。\n\n登録コード: ' || (said ->> 'code') || E'\n\nログインの画面で「はじめての方」を選び、このコードを入力してください。7日間、1回だけ使えます。\n'
                    || not_you;
        when 'staff_invited' then
            subject := '教職員登録のお知らせ';
            body := (said ->> 'school') || E'の教職員として招待されました。\n\n招待コード: ' || (said ->> 'code')
                    || E'\n\nログインの画面で「招待された教職員の方」を選び、このコードを入力してください。14日間、1回だけ使えます。\n' || not_you;
    end case;
    body := body || E'\n\n----\nこのメールは自動で送信しています。返信はできません。\n';
end
$$;
comment on function mail_text is 'Subject and body of a mail about an account, of one kind.';

create or replace function mail_say(address text, kind text, said jsonb, account bigint, expires interval default interval '2 days') returns bigint
    language sql volatile as
$$
    select mail_enqueue($1, t.subject, t.body, $4, 1, $5) from mail_text($2, $3) t
$$;
comment on function mail_say is 'Sends a mail about an account; priority 1, since somebody waits for it.';
