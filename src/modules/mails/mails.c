#include "engine/module.h"

#include "mails.sql.h"

static const struct route routes[] = {
    { GET, "/demo-mails", .may = ANYONE, .runs = &demo_mails_list, .gives = ROWS, .flags = DEMO_ONLY,
      .says = "デモで送ったメール" },
    { 0 },
};

const struct module mails_module = {
    .name = "mails",
    .routes = routes,
    .statements = mails_statements,
};
