-- The terms in the words that all screens use (お子さん, ログイン, ログインID). Nothing else in them has changed.
insert into terms (version, changes, body)
select '2026-11', 'ことばづかいを、画面に合わせて直しました。お約束の内容は変わりません。',
       replace(replace(replace(body, 'お子さま', 'お子さん'), 'サインイン', 'ログイン'), '利用者ID', 'ログインID')
from terms
where version = '2026-04' and not exists (select from terms where version > '2026-04');
