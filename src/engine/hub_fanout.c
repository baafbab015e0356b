/* From rows in a worker's hands to the frames of the topics that they fall in: each row is encoded once, when
 * the first topic wants it, and each topic gets one frame. */
#include "engine/hub_private.h"

/* An array's head that is filled in when the number of rows is known: MessagePack's array 32. */
static void rows_head(struct buf *rows, size_t n)
{
    rows->at[0] = (char)0xdd;
    for (int i = 0; i < 4; i++) rows->at[1 + i] = (char)(n >> (24 - 8 * i) & 0xff);
}

static void topic_add_row(struct live_topic *topic, struct str row)
{
    if (!topic->touched) {
        topic->touched = true;
        topic->n_rows = 0;
        buf_reset(&topic->rows);
        buf_append(&topic->rows, "\0\0\0\0\0", 5);
        list_remove(&topic->link);
        list_append(&topic->hub->touched, &topic->link);
    }
    buf_str(&topic->rows, row);
    topic->n_rows++;
}

void hub_fan_row(struct hub *hub, struct hub_row *row, const char *name, const char *scope, int64_t key)
{
    struct enc enc;
    struct live_topic *topic = hub_topic_find(hub, name, scope, key);
    if (!topic) return;
    if (!row->encoded) {
        buf_reset(row->bytes);
        enc_msgpack(&enc, row->bytes);
        rows_encode_row(row->rows, row->row, ROWS_SKIP_DEFAULT, &enc);
        row->encoded = true;
    }
    if (row->bytes->failed)
        hub_topic_want(topic);
    else
        topic_add_row(topic, buf_view(row->bytes));
}

void hub_fan_send(struct hub *hub)
{
    struct live_topic *topic;
    while ((topic = LIST_POP(&hub->touched, struct live_topic, link))) {
        topic->touched = false;
        if (topic->wanted) list_append(&hub->wanted, &topic->link);
        struct chunk *frame = NULL;
        if (!topic->rows.failed) {
            rows_head(&topic->rows, topic->n_rows);
            frame = hub_frame("rows", topic->name, buf_view(&topic->rows));
        }
        if (frame)
            hub_topic_send(topic, frame);
        else
            hub_topic_want(topic);
        chunk_unref(frame);
        buf_done(&topic->rows);
    }
}
