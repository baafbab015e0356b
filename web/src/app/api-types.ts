// What each route of the API takes. Made by `npm run types` from the server's OpenAPI document; not edited by hand.

export interface Takes {
  'POST /api/session': {
    login_id: string;
    password: string;
    shared?: boolean;
  };
  'GET /api/session': undefined;
  'DELETE /api/session': undefined;
  'POST /api/session/proof': {
    password: string;
  };
  'GET /api/sessions': undefined;
  'DELETE /api/sessions': undefined;
  'DELETE /api/sessions/{id}': undefined;
  'GET /api/demo-accounts': undefined;
  'POST /api/session/second-factor': {
    code: string;
  };
  'GET /api/factors': undefined;
  'POST /api/factors/totp': undefined;
  'DELETE /api/factors/totp': undefined;
  'POST /api/factors/totp/confirm': {
    code: string;
  };
  'POST /api/factors/recovery-codes': undefined;
  'POST /api/accounts/{account_id}/factors/reset': undefined;
  'GET /api/session/passkey': undefined;
  'POST /api/session/passkey': {
    client_data: string;
    authenticator_data: string;
    credential_id: string;
    signature: string;
    user_handle?: string;
    shared?: boolean;
  };
  'POST /api/session/proof/passkey': {
    client_data: string;
    authenticator_data: string;
    credential_id: string;
    signature: string;
    user_handle?: string;
  };
  'GET /api/passkeys': undefined;
  'POST /api/passkeys': {
    client_data: string;
    authenticator_data: string;
    name: string;
  };
  'GET /api/passkeys/challenge': undefined;
  'PUT /api/passkeys/{id}': {
    name: string;
  };
  'DELETE /api/passkeys/{id}': undefined;
  'GET /api/children': undefined;
  'GET /api/children/{student_id}/absences': undefined;
  'GET /api/schools': undefined;
  'POST /api/schools/{school_id}/students/search': {
    q: string;
  };
  'GET /api/classes': undefined;
  'POST /api/classes': {
    school_id: number;
    grade: number;
    name: string;
    kind?: 'regular' | 'support';
    code?: string;
  };
  'GET /api/classes/{class_id}/students': undefined;
  'POST /api/roster/columns': undefined;
  'GET /api/city/history': undefined;
  'GET /api/reasons': undefined;
  'POST /api/reasons': {
    school_id?: number;
    overrides?: number;
    label: string;
    label_en?: string;
    label_zh?: string;
    label_vi?: string;
    label_pt?: string;
    needs_note: boolean;
    kinds: ('absent' | 'late' | 'leave_early' | 'late_and_leave_early')[];
    asks_symptoms: boolean;
    asks_times: boolean;
    mark?: string;
    external_code?: string;
    active?: boolean;
  };
  'POST /api/absences': {
    student_id: number;
    first_day: string;
    last_day?: string;
    kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early' | 'attend';
    arrive_at?: string;
    leave_at?: string;
    reason_id?: number;
    note?: string;
    pick_up?: 'alone' | 'guardian' | 'other_person';
    pick_up_note?: string;
    symptoms?: ('fever' | 'headache' | 'respiratory' | 'diarrhea' | 'nausea' | 'rash' | 'flu_like' | 'other')[];
    began_at?: number;
  };
  'GET /api/absences/{id}': undefined;
  'PUT /api/absences/{id}': {
    version: number;
    first_day: string;
    last_day?: string;
    kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early' | 'attend';
    arrive_at?: string;
    leave_at?: string;
    reason_id?: number;
    note?: string;
    pick_up?: 'alone' | 'guardian' | 'other_person';
    pick_up_note?: string;
    symptoms?: ('fever' | 'headache' | 'respiratory' | 'diarrhea' | 'nausea' | 'rash' | 'flu_like' | 'other')[];
    began_at?: number;
  };
  'GET /api/absences/{id}/versions': undefined;
  'POST /api/absences/{id}/cancel': {
    version: number;
  };
  'POST /api/absences/{id}/requests': {
    version: number;
    action: 'correct' | 'cancel';
    first_day?: string;
    last_day?: string;
    kind?: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early' | 'attend';
    arrive_at?: string;
    leave_at?: string;
    reason_id?: number;
    note?: string;
    pick_up?: 'alone' | 'guardian' | 'other_person';
    pick_up_note?: string;
    symptoms?: ('fever' | 'headache' | 'respiratory' | 'diarrhea' | 'nausea' | 'rash' | 'flu_like' | 'other')[];
  };
  'GET /api/absences/{id}/requests': undefined;
  'POST /api/requests/{id}/decide': {
    version: number;
    report_version?: number;
    state: 'accepted' | 'declined';
    answer?: string;
  };
  'POST /api/requests/{id}/withdraw': {
    version: number;
    report_version?: number;
    state: 'withdrawn';
    answer?: string;
  };
  'POST /api/absences/{id}/acknowledge': {
    version?: number;
  };
  'POST /api/classes/{class_id}/acknowledge': {
    absence_ids: number[];
    versions?: string[];
  };
  'POST /api/students/{student_id}/standing': {
    first_day: string;
    last_day?: string;
    reason_id?: number;
    note?: string;
  };
  'GET /api/students/{student_id}/standing': undefined;
  'PUT /api/standing/{id}': {
    version: number;
    first_day: string;
    last_day: string;
    ended?: boolean;
    reason_id?: number;
    note?: string;
  };
  'GET /api/diseases': undefined;
  'GET /api/students/{student_id}/illnesses': undefined;
  'POST /api/students/{student_id}/illnesses': {
    via?: 'phone' | 'school';
    disease: string;
    onset_on: string;
    diagnosed_on?: string;
    institution?: string;
    ended_on?: string;
    treated_until?: string;
    cleared_on?: string;
    suspended_from?: string;
    note?: string;
  };
  'GET /api/illnesses/{id}/versions': undefined;
  'PUT /api/illnesses/{id}': {
    version: number;
    disease: string;
    onset_on: string;
    diagnosed_on?: string;
    institution?: string;
    ended_on?: string;
    treated_until?: string;
    cleared_on?: string;
    suspended_from?: string;
    note?: string;
  };
  'PUT /api/illnesses/{id}/return': {
    version: number;
    returned_on: string;
    ended_on?: string;
    treated_until?: string;
    cleared_on?: string;
    institution?: string;
  };
  'PUT /api/illnesses/{id}/withdraw': {
    version: number;
  };
  'POST /api/schools/{school_id}/absences/list': {
    from: string;
    to: string;
    grade?: number;
    class_id?: number;
    kind?: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early' | 'attend';
    reason_id?: number;
    state?: 'unacknowledged' | 'acknowledged' | 'cancelled';
    via?: 'guardian' | 'school';
    away?: 'suspended' | 'standing';
    q?: string;
    sort?: 'class' | 'arrival' | 'day';
    after?: string;
  };
  'POST /api/schools/{school_id}/absences/file': {
    from: string;
    to: string;
    grade?: number;
    class_id?: number;
    kind?: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early' | 'attend';
    reason_id?: number;
    state?: 'unacknowledged' | 'acknowledged' | 'cancelled';
    via?: 'guardian' | 'school';
    away?: 'suspended' | 'standing';
    q?: string;
    sort?: 'class' | 'arrival' | 'day';
  };
  'GET /api/city/absences': undefined;
  'GET /api/schools/{school_id}/day-sheets': undefined;
  'PUT /api/students/{student_id}/attendance': {
    day: string;
    state: 'expected' | 'present' | 'late' | 'absent' | 'left_early' | 'late_and_left_early';
    arrived_at?: string;
    left_at?: string;
    seen_at: number;
  };
  'PUT /api/classes/{class_id}/roll': {
    day: string;
    done: boolean;
  };
  'GET /api/classes/{class_id}/attendance': undefined;
  'POST /api/students/{student_id}/inquiry': undefined;
  'PUT /api/inquiries/{id}/answer': {
    answer: 'on_the_way' | 'not_known';
  };
  'PUT /api/inquiries/{id}/close': {
    answer: 'closed';
  };
  'GET /api/classes/{class_id}/register': undefined;
  'GET /api/classes/{class_id}/register/head': undefined;
  'GET /api/classes/{class_id}/register/days': undefined;
  'PUT /api/students/{student_id}/register': {
    day: string;
    automatic?: boolean;
    mark?: string;
    late?: boolean;
    leave_early?: boolean;
    note?: string;
  };
  'GET /api/students/{student_id}/register/corrections': undefined;
  'POST /api/schools/{school_id}/closures': {
    grade?: number;
    class_id?: number;
    first_day: string;
    last_day: string;
    cause: 'influenza' | 'covid' | 'gastroenteritis' | 'other_infection' | 'disaster' | 'other';
    note?: string;
  };
  'GET /api/schools/{school_id}/closures': undefined;
  'PUT /api/closures/{id}': {
    version: number;
    ended?: boolean;
    first_day: string;
    last_day: string;
    cause: 'influenza' | 'covid' | 'gastroenteritis' | 'other_infection' | 'disaster' | 'other';
    note?: string;
  };
  'GET /api/children/closures': undefined;
  'GET /api/export-mappings': undefined;
  'PUT /api/export-mappings': {
    school_id?: number;
    name: string;
    file: 'sums' | 'days' | 'every_day';
    headings: string[];
    fields: string[];
    charset: 'utf8' | 'utf8_bom' | 'cp932';
    separator: 'comma' | 'tab';
    with_heading?: boolean;
    neutralised?: boolean;
  };
  'DELETE /api/export-mappings/{export_mapping_id}': undefined;
  'GET /api/schools/{school_id}/register/export': undefined;
  'GET /api/schools/{school_id}/register/export/check': undefined;
  'POST /api/schools/{school_id}/register/export/preview': {
    file: 'sums' | 'days' | 'every_day';
    headings: string[];
    fields: string[];
    class_id?: number;
    first_day: string;
    last_day: string;
  };
  'GET /api/schools/{school_id}/surveillance': undefined;
  'GET /api/city/symptoms': undefined;
  'GET /api/schools/{school_id}/symptoms': undefined;
  'GET /api/city/closure-guide': undefined;
  'PUT /api/city/closure-guide': {
    version: number;
    closure_percent: number;
    closure_fewest: number;
  };
  'GET /api/schools/{school_id}/health-shown': undefined;
  'PUT /api/schools/{school_id}/health-shown': {
    version: number;
    shows_health: boolean;
  };
  'GET /api/children/{student_id}/school-health': undefined;
  'GET /api/schools/{school_id}/staff': undefined;
  'GET /api/city/staff': undefined;
  'GET /api/schools/{school_id}/staff-invitations': undefined;
  'GET /api/city/staff-invitations': undefined;
  'POST /api/staff-invitations': {
    school_id?: number;
    role: 'administrator' | 'office' | 'nurse' | 'homeroom' | 'teacher' | 'board' | 'operator';
    class_id?: number;
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
    email?: string;
  };
  'DELETE /api/staff-invitations/{invitation_id}': undefined;
  'POST /api/staff-invitations/look': {
    code: string;
  };
  'POST /api/staff-invitations/join': {
    code: string;
    password: string;
  };
  'POST /api/staff-invitations/accept': {
    code: string;
  };
  'POST /api/staff-roles': {
    account_id: number;
    school_id?: number;
    role: 'administrator' | 'office' | 'nurse' | 'homeroom' | 'teacher' | 'board' | 'operator';
    class_id?: number;
  };
  'DELETE /api/staff-roles/{role_id}': undefined;
  'GET /api/oidc/providers': undefined;
  'POST /api/oidc/start': {
    provider: string;
  };
  'POST /api/oidc/finish': {
    code: string;
    state: string;
  };
  'GET /api/demo-mails': undefined;
  'POST /api/students': {
    class_id: number;
    number: number;
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
    code?: string;
    exchange_class_id?: number;
  };
  'GET /api/students/{student_id}': undefined;
  'PUT /api/students/{student_id}': {
    version: number;
    class_id: number;
    number: number;
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
    code?: string;
    exchange_class_id?: number;
  };
  'GET /api/students/{student_id}/versions': undefined;
  'POST /api/students/{student_id}/leave': {
    version: number;
    left_on: string;
  };
  'POST /api/students/{student_id}/return': {
    version: number;
    class_id: number;
    number: number;
  };
  'POST /api/students/{student_id}/move': {
    version: number;
    class_id: number;
    number: number;
  };
  'PUT /api/classes/{class_id}': {
    version: number;
    name: string;
    kind?: 'regular' | 'support';
    code?: string;
  };
  'GET /api/classes/{class_id}/versions': undefined;
  'POST /api/roster/imports': undefined;
  'GET /api/roster/imports': undefined;
  'GET /api/roster/export': undefined;
  'GET /api/roster/imports/{import_id}': undefined;
  'GET /api/roster/imports/{import_id}/summary': undefined;
  'GET /api/roster/imports/{import_id}/changes': undefined;
  'GET /api/roster/imports/{import_id}/problems': undefined;
  'POST /api/roster/imports/{import_id}/plan': undefined;
  'POST /api/roster/imports/{import_id}/apply': {
    missing?: boolean;
    left_on?: string;
    problems?: boolean;
  };
  'POST /api/roster/imports/{import_id}/undo': undefined;
  'POST /api/roster/imports/{import_id}/discard': undefined;
  'POST /api/roster/rollovers': {
    on_day?: string;
    read_days?: number;
  };
  'POST /api/roster/imports/{import_id}/schedule': {
    on_day: string;
  };
  'POST /api/roster/imports/{import_id}/unschedule': undefined;
  'GET /api/roster/imports/{import_id}/places': undefined;
  'PUT /api/roster/imports/{import_id}/places': {
    student_id: number;
    leaves?: boolean;
    school_id?: number;
    grade?: number;
    class_name?: string;
    class_kind?: 'regular' | 'support';
    number?: number;
  };
  'GET /api/roster/imports/{import_id}/classes': undefined;
  'POST /api/roster/imports/{import_id}/places/clear': {
    student_id: number;
  };
  'GET /api/roster/next-schools': undefined;
  'PUT /api/schools/{school_id}/next-school': {
    next_school_id?: number;
  };
  'GET /api/roster/mappings': undefined;
  'PUT /api/roster/mappings': {
    school_id?: number;
    name: string;
    by_place?: boolean;
    code?: string;
    school_code?: string;
    school_year_column?: string;
    grade?: string;
    class_code?: string;
    class_name?: string;
    class_kind?: string;
    number?: string;
    family_name?: string;
    given_name?: string;
    family_kana?: string;
    given_kana?: string;
    full_name?: string;
    full_kana?: string;
    exchange_class_code?: string;
    gone?: string;
  };
  'DELETE /api/roster/mappings/{mapping_id}': undefined;
  'GET /api/audit': undefined;
  'GET /api/students/{student_id}/audit': undefined;
  'GET /api/terms': undefined;
  'POST /api/terms': {
    version: string;
    changes?: string;
    body: string;
  };
  'POST /api/consent': {
    version: string;
  };
  'GET /api/own-data': undefined;
  'GET /api/own-data/file': undefined;
  'POST /api/own-data/erase': {
    password?: string;
  };
  'GET /api/erasures': undefined;
  'POST /api/erasures': {
    school_id?: number;
    years?: number;
  };
  'GET /api/erasures/{id}': undefined;
  'POST /api/erasures/{id}/apply': undefined;
  'POST /api/erasures/{id}/discard': undefined;
  'POST /api/invitations/look': {
    code: string;
  };
  'GET /api/children/{student_id}/invitations': undefined;
  'POST /api/children/{student_id}/invitations': {
    email?: string;
  };
  'DELETE /api/invitations/{invitation_id}': undefined;
  'POST /api/schools/{school_id}/letters': {
    class_id?: number;
    student_id?: number;
    letter?: number;
    who?: 'missing' | 'all';
    again?: boolean;
    days?: number;
  };
  'POST /api/schools/{school_id}/letters/list': {
    class_id?: number;
    student_id?: number;
    letter?: number;
  };
  'POST /api/schools/{school_id}/letters/revoke': {
    class_id?: number;
    student_id?: number;
    letter?: number;
  };
  'POST /api/registrations': {
    code: string;
    email?: string;
  };
  'POST /api/registrations/resend': {
    token: string;
  };
  'POST /api/registrations/confirm': {
    token: string;
    mail_code: string;
  };
  'POST /api/registrations/finish': {
    token: string;
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
    relation: 'mother' | 'father' | 'grandparent' | 'other';
    password: string;
    consent_version: string;
    language?: 'ja' | 'ja-Easy' | 'en' | 'zh-Hans' | 'zh-Hant' | 'ko' | 'vi' | 'pt' | 'es' | 'fil' | 'ne' | 'id';
  };
  'POST /api/recoveries': {
    login?: string;
    code?: string;
  };
  'POST /api/recoveries/resend': {
    token: string;
  };
  'POST /api/recoveries/confirm': {
    token: string;
    mail_code: string;
  };
  'POST /api/recoveries/finish': {
    token: string;
    password: string;
  };
  'GET /api/account': undefined;
  'PUT /api/account/names': {
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
  };
  'PUT /api/account/language': {
    language: 'ja' | 'ja-Easy' | 'en' | 'zh-Hans' | 'zh-Hant' | 'ko' | 'vi' | 'pt' | 'es' | 'fil' | 'ne' | 'id';
  };
  'PUT /api/account/password': {
    old_password?: string;
    password: string;
  };
  'POST /api/account/email': {
    email: string;
    password: string;
  };
  'DELETE /api/account/email': undefined;
  'POST /api/account/email/confirm': {
    mail_code: string;
    old_mail_code?: string;
  };
  'POST /api/account/email/stop': {
    code: string;
  };
  'GET /api/account/children': undefined;
  'POST /api/account/children': {
    code: string;
    relation: 'mother' | 'father' | 'grandparent' | 'other';
  };
  'GET /api/schools/{school_id}/registrants': undefined;
  'POST /api/schools/{school_id}/registrants/search': {
    q?: string;
    class_id?: number;
    state?: 'registered' | 'missing' | 'mail_problem' | 'unreached' | 'never_signed_in';
  };
  'POST /api/schools/{school_id}/registrants/list': {
    q?: string;
    class_id?: number;
    state?: 'registered' | 'missing' | 'mail_problem' | 'unreached' | 'never_signed_in';
  };
  'GET /api/students/{student_id}/guardians': undefined;
  'GET /api/students/{student_id}/guardians/versions': undefined;
  'PUT /api/students/{student_id}/guardians/{account_id}': {
    version: number;
    relation: 'mother' | 'father' | 'grandparent' | 'other';
    rights: 'report' | 'read' | 'contact' | 'blocked';
    valid_from: string;
    valid_to?: string;
  };
  'DELETE /api/students/{student_id}/guardians/{account_id}': undefined;
  'PUT /api/students/{student_id}/guardians/{account_id}/names': {
    version: number;
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
  };
  'POST /api/students/{student_id}/guardians/{account_id}/reset': undefined;
  'POST /api/students/{student_id}/guardians/{account_id}/forget-email': undefined;
  'GET /api/schools/{school_id}/calendar': undefined;
  'GET /api/city/calendar': undefined;
  'GET /api/children/days': undefined;
  'POST /api/calendar': {
    school_id?: number;
    school_kind?: 'elementary' | 'junior_high' | 'special_needs';
    grades?: number[];
    first_day: string;
    last_day?: string;
    kind: 'holiday' | 'vacation' | 'closed' | 'school_day';
    label: string;
  };
  'PUT /api/calendar/{entry_id}': {
    version: number;
    school_kind?: 'elementary' | 'junior_high' | 'special_needs';
    grades?: number[];
    first_day: string;
    last_day?: string;
    kind: 'holiday' | 'vacation' | 'closed' | 'school_day';
    label: string;
  };
  'DELETE /api/calendar/{entry_id}': undefined;
  'GET /api/calendar/file': undefined;
  'POST /api/calendar/check': undefined;
  'POST /api/calendar/import': undefined;
  'GET /api/schools/{school_id}/intake': undefined;
  'GET /api/city/intake': undefined;
  'GET /api/children/intake': undefined;
  'POST /api/intake': {
    school_id?: number;
    overrides?: number;
    days: 'every' | 'weekdays' | 'school_days' | 'days_off' | 'dates';
    weekdays?: number[];
    first_day?: string;
    last_day?: string;
    from_time: string;
    to_time: string;
    kinds: ('absent' | 'late' | 'leave_early' | 'late_and_leave_early')[];
    about: 'same_day' | 'any';
    message: string;
    active?: boolean;
  };
  'PUT /api/intake/{rule_id}': {
    version: number;
    days: 'every' | 'weekdays' | 'school_days' | 'days_off' | 'dates';
    weekdays?: number[];
    first_day?: string;
    last_day?: string;
    from_time: string;
    to_time: string;
    kinds: ('absent' | 'late' | 'leave_early' | 'late_and_leave_early')[];
    about: 'same_day' | 'any';
    message: string;
    active?: boolean;
  };
  'DELETE /api/intake/{rule_id}': undefined;
  'GET /api/schools/{school_id}/times': undefined;
  'PUT /api/schools/{school_id}/times': {
    version: number;
    correct_until: string;
    escalate_at: string;
    escalate_again_at?: string;
  };
  'GET /api/schools/{school_id}/reasons': undefined;
  'GET /api/city/reasons': undefined;
  'POST /api/reasons/order': {
    school_id?: number;
    reason_ids: number[];
  };
  'PUT /api/reasons/{reason_id}': {
    version: number;
    label: string;
    label_en?: string;
    label_zh?: string;
    label_vi?: string;
    label_pt?: string;
    needs_note: boolean;
    kinds: ('absent' | 'late' | 'leave_early' | 'late_and_leave_early')[];
    asks_symptoms: boolean;
    asks_times: boolean;
    mark?: string;
    external_code?: string;
    active?: boolean;
  };
  'DELETE /api/reasons/{reason_id}': undefined;
  'GET /api/marks': undefined;
  'PUT /api/marks': {
    code: string;
    version: number;
    label: string;
    symbol: string;
    counts_as: 'absent' | 'suspended' | 'late' | 'leave_early' | 'present';
    external_code?: string;
  };
  'GET /api/account/notifications': undefined;
  'GET /api/account/notifications/topics': undefined;
  'PUT /api/account/notifications/topics': {
    topic: string;
    push: boolean;
    mail: 'always' | 'else' | 'never';
  };
  'GET /api/account/notifications/devices': undefined;
  'PUT /api/account/notifications/device': {
    endpoint: string;
    p256dh: string;
    auth: string;
  };
  'DELETE /api/account/notifications/device': undefined;
  'DELETE /api/account/notifications/devices/{id}': undefined;
  'POST /api/account/notifications/test': undefined;
  'GET /api/schools/{school_id}/groups': undefined;
  'POST /api/groups': {
    school_id: number;
    name: string;
    purpose: 'club' | 'bus' | 'committee' | 'event' | 'other';
    holds: 'students' | 'guardians';
    member_ids?: number[];
  };
  'PUT /api/groups/{id}': {
    version: number;
    name: string;
    purpose: 'club' | 'bus' | 'committee' | 'event' | 'other';
    ended?: boolean;
  };
  'GET /api/groups/{id}/members': undefined;
  'PUT /api/groups/{id}/members': {
    add?: number[];
    remove?: number[];
  };
  'POST /api/audience': {
    audience: string[];
  };
}
