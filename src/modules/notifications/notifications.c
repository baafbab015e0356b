#include "engine/module.h"

#include "push/push.h"

#include "notifications.sql.h"

#define KEY_TEXT 90 /* of a point, with room for padding */

static const char *const mails[] = { "always", "else", "never", NULL };

static const struct field chosen_topic[] = {
    { "topic", FROM_BODY, LINE, REQUIRED, .max = 40, .help = "GET /account/notifications/topics の topic" },
    { "push", FROM_BODY, BOOL, REQUIRED, .help = "端末に通知する" },
    { "mail", FROM_BODY, ENUM, REQUIRED, .of = mails,
      .help = "メール：いつも・通知が届く端末がないとき・送らない" },
    { 0 },
};
/* As PushSubscription.toJSON() has them. */
static const struct field subscription[] = {
    { "endpoint", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = PUSH_ENDPOINT_MAX, .help = "通知の届け先" },
    { "p256dh", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = KEY_TEXT, .help = "ブラウザーの公開鍵" },
    { "auth", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = KEY_TEXT, .help = "ブラウザーの鍵" },
    { 0 },
};
static const struct field one_device[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_PUSH_DEVICE },
    { 0 },
};

static void ask_show(struct request *rq)
{
    struct str key = push_public_key(request_push(rq));
    ask(rq, &notifications_show,
        &(struct extra){ "push_key", key.at ? value_str(key) : (struct value){ .kind = VALUE_NULL } }, 1);
}

static void answer_row(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), ROW);
}

static step_fn *const show[] = { ask_show, answer_row, NULL };

/* ---- this device ---- */

static void ask_device(struct request *rq)
{
    const struct checked *in = request_in(rq);
    struct str endpoint = checked_str(in, "endpoint"), gateway;
    struct str p256dh = bytes_of(rq, checked_str(in, "p256dh")), auth = bytes_of(rq, checked_str(in, "auth"));
    if (!request_push(rq)) {
        reply_problem(rq, "no_push");
    } else if (!push_allows(request_push(rq), endpoint, &gateway) || p256dh.n != PUSH_POINT ||
               auth.n != PUSH_AUTH || p256dh.at[0] != 4) {
        reply_problem(rq, "push_service_unknown");
    } else {
        const struct extra extra[] = { { "gateway", value_str(gateway) },
                                       { "p256dh_bytes", value_str(p256dh) },
                                       { "auth_bytes", value_str(auth) } };
        ask(rq, &push_device_set, extra, sizeof extra / sizeof *extra);
    }
}

static step_fn *const set_device[] = { ask_device, answer_row, NULL };

static const struct route routes[] = {
    { GET, "/account/notifications", .may = SIGNED_IN, .steps = show, .gives = ROW,
      .answers = &notifications_show, .says = "通知の受け取り方" },
    { GET, "/account/notifications/topics", .may = SIGNED_IN, .runs = &notification_topics, .gives = ROWS,
      .says = "通知の種類と選んだこと" },
    { PUT, "/account/notifications/topics", .may = SIGNED_IN, .takes = chosen_topic,
      .runs = &notification_topic_choose, .gives = ROW, .says = "通知の種類ごとに選ぶ" },
    { GET, "/account/notifications/devices", .may = SIGNED_IN, .runs = &push_devices_list, .gives = ROWS,
      .says = "通知が届く端末" },
    { PUT, "/account/notifications/device", .may = SIGNED_IN, .takes = subscription, .steps = set_device,
      .gives = ROW, .answers = &push_device_set, .says = "この端末で通知を受け取る" },
    { DELETE, "/account/notifications/device", .may = SIGNED_IN, .runs = &push_device_unset, .gives = ROW,
      .says = "この端末では通知を受け取らない" },
    { DELETE, "/account/notifications/devices/{id}", .may = SIGNED_IN, .takes = one_device,
      .runs = &push_device_remove, .gives = ROW, .says = "端末の通知をやめる" },
    { POST, "/account/notifications/test", .may = SIGNED_IN, .runs = &notification_test, .gives = ROW,
      .flags = NEEDS_KEY, .says = "テスト通知を送る" },
    { 0 },
};

static const struct problem problems[] = {
    { "no_push", 409, "この市では、端末への通知を使っていません。" },
    { "shared_device", 409, "ほかの人も使う端末としてログインしているため、通知は受け取れません。" },
    { "push_service_unknown", 422, "このブラウザーの通知には対応していません。メールをご利用ください。" },
    { 0 },
};

const struct module notifications_module = {
    .name = "notifications",
    .routes = routes,
    .problems = problems,
    .statements = notifications_statements,
};
