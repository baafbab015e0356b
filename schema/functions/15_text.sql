-- Text in the form in which it is kept.
create or replace function kana_hiragana(typed text) returns text
    language sql immutable parallel safe
    return nullif(btrim(regexp_replace(translate(normalize(typed, nfkc),
        'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶヽヾ',
        'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞ'),
        '\s+', ' ', 'g')), '');
comment on function kana_hiragana is 'Kana, half or full width, as hiragana: the form in which readings are kept.';
