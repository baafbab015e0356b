-- What the law says of mumps and of a doctor's word, and that one illness is written down once.

-- Mumps: five days since the glands began to swell, and well again (article 19); the swelling itself may last longer.
alter table diseases drop constraint diseases_end_sign_check;
update diseases set end_sign = 'well' where end_sign = 'swelling';
alter table diseases add constraint diseases_end_sign_check
    check (end_sign in ('fever', 'symptoms', 'cough', 'well', 'rash', 'crusts'));
comment on column illnesses.cleared_on is
    'From when a doctor lets it come again: what decides where the law names no days, and what may be earlier than them.';

update diseases d
set labels = l.labels
from (values
    ('influenza', '{"en": "Influenza (flu)", "zh": "流行性感冒", "vi": "Cúm", "pt": "Gripe (influenza)"}'::jsonb),
    ('covid', '{"en": "COVID-19", "zh": "新冠病毒感染", "vi": "COVID-19", "pt": "COVID-19"}'),
    ('gastroenteritis', '{"en": "Infectious gastroenteritis", "zh": "感染性胃肠炎", "vi": "Viêm dạ dày ruột truyền nhiễm", "pt": "Gastroenterite infecciosa"}'),
    ('strep', '{"en": "Strep throat", "zh": "溶血性链球菌感染", "vi": "Nhiễm liên cầu khuẩn", "pt": "Infecção por estreptococo"}'),
    ('mumps', '{"en": "Mumps", "zh": "流行性腮腺炎", "vi": "Quai bị", "pt": "Caxumba"}'),
    ('chickenpox', '{"en": "Chickenpox", "zh": "水痘", "vi": "Thủy đậu", "pt": "Catapora"}'),
    ('mycoplasma', '{"en": "Mycoplasma infection", "zh": "支原体感染", "vi": "Nhiễm mycoplasma", "pt": "Infecção por micoplasma"}'),
    ('erythema_infectiosum', '{"en": "Fifth disease", "zh": "传染性红斑", "vi": "Ban đỏ truyền nhiễm", "pt": "Eritema infeccioso"}'),
    ('hand_foot_mouth', '{"en": "Hand, foot and mouth disease", "zh": "手足口病", "vi": "Tay chân miệng", "pt": "Doença mão-pé-boca"}'),
    ('pharyngoconjunctival', '{"en": "Pharyngoconjunctival fever", "zh": "咽结膜热", "vi": "Sốt viêm họng kết mạc", "pt": "Febre faringoconjuntival"}'),
    ('keratoconjunctivitis', '{"en": "Epidemic keratoconjunctivitis", "zh": "流行性角结膜炎", "vi": "Viêm kết giác mạc dịch", "pt": "Ceratoconjuntivite epidêmica"}'),
    ('hemorrhagic_conjunctivitis', '{"en": "Acute hemorrhagic conjunctivitis", "zh": "急性出血性结膜炎", "vi": "Viêm kết mạc xuất huyết cấp", "pt": "Conjuntivite hemorrágica aguda"}'),
    ('pertussis', '{"en": "Whooping cough (pertussis)", "zh": "百日咳", "vi": "Ho gà", "pt": "Coqueluche"}'),
    ('measles', '{"en": "Measles", "zh": "麻疹", "vi": "Sởi", "pt": "Sarampo"}'),
    ('rubella', '{"en": "Rubella", "zh": "风疹", "vi": "Rubella", "pt": "Rubéola"}'),
    ('tuberculosis', '{"en": "Tuberculosis", "zh": "结核病", "vi": "Lao", "pt": "Tuberculose"}'),
    ('meningococcal', '{"en": "Meningococcal meningitis", "zh": "流行性脑脊髓膜炎", "vi": "Viêm màng não mô cầu", "pt": "Meningite meningocócica"}'),
    ('ehec', '{"en": "EHEC infection (such as O157)", "zh": "肠出血性大肠杆菌感染", "vi": "Nhiễm E. coli gây xuất huyết ruột", "pt": "Infecção por E. coli EHEC"}'),
    ('other_suspending', '{"en": "Another infection (no attendance)", "zh": "其他传染病（停止到校）", "vi": "Bệnh truyền nhiễm khác (nghỉ học)", "pt": "Outra infecção (afastamento)"}'),
    ('other', '{"en": "Another illness", "zh": "其他疾病", "vi": "Bệnh khác", "pt": "Outra doença"}')) l (code, labels)
where l.code = d.code;

create function illness_days(onset_on date, ended_on date, returned_on date) returns daterange
    language sql immutable as
$$ select daterange($1, greatest(coalesce($3, $2 + 1, $1 + 60), $1 + 1)) $$;
comment on function illness_days is 'The days of an illness, for telling one from the next: until it is over, or sixty days.';

alter table illnesses
    add constraint illnesses_return check (returned_on >= onset_on),
    add constraint illnesses_once exclude using gist (student_id with =, school_id with =, disease with =, illness_days(onset_on, ended_on, returned_on) with &&)
        where (withdrawn_at is null);
