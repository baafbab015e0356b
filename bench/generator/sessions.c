#include "sessions.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static int role_of(const char *name)
{
    static const char *const names[ROLES] = { "guardian", "teacher", "office", "board" };
    for (int i = 0; name && i < ROLES; i++)
        if (strcmp(name, names[i]) == 0) return i;
    return -1;
}

static int session_read_students(struct session *session, const json_t *ids)
{
    size_t count = json_array_size(ids);
    session->students = calloc(count ? count : 1, sizeof *session->students);
    if (!session->students) return -1;
    for (size_t i = 0; i < count; i++)
        session->students[session->student_count++] = json_id(json_array_get(ids, i));
    return 0;
}

/* 0, or -1 when the line is not a session. */
static int session_read(struct session *session, const json_t *line)
{
    const char *token = json_string_value(json_object_get(line, "token"));
    int role = role_of(json_string_value(json_object_get(line, "role")));
    if (!token || role < 0) return -1;
    *session = (struct session){ .role = (enum role)role, .token = strdup(token) };
    session->token_size = strlen(token);
    session->account_id = json_id(json_object_get(line, "account_id"));
    session->school_id = json_id(json_object_get(line, "school_id"));
    session->class_id = json_id(json_object_get(line, "class_id"));
    return session->token ? session_read_students(session, json_object_get(line, "student_ids")) : -1;
}

static int sessions_add(struct sessions *sessions, const char *text)
{
    if (sessions->count == sessions->room) {
        size_t room = sessions->room ? sessions->room * 2 : 1024;
        struct session *all = reallocarray(sessions->all, room, sizeof *all);
        if (!all) return -1;
        sessions->all = all;
        sessions->room = room;
    }
    struct session *session = &sessions->all[sessions->count];
    *session = (struct session){ 0 };
    json_t *line = json_loads(text, 0, NULL);
    int result = line ? session_read(session, line) : -1;
    json_decref(line);
    sessions->count++; /* a half-read one too: sessions_done frees it */
    if (result != 0) return result;
    sessions->by_role[session->role]++;
    bool first = !sessions->first_guardian || session->account_id < sessions->first_guardian;
    if (session->role == ROLE_GUARDIAN && first) sessions->first_guardian = session->account_id;
    return 0;
}

int sessions_load(struct sessions *sessions, const char *path)
{
    *sessions = (struct sessions){ 0 };
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "todoke-bench: %s: %s\n", path, strerror(errno));
        return -1;
    }
    char *line = NULL;
    size_t room = 0, number = 0;
    int result = 0;
    while (result == 0 && getline(&line, &room, file) > 0) {
        number++;
        if (line[strspn(line, " \t\r\n")] != '\0') result = sessions_add(sessions, line);
    }
    if (result != 0) fprintf(stderr, "todoke-bench: %s: line %zu is not a session\n", path, number);
    free(line);
    fclose(file);
    return result;
}

void sessions_done(struct sessions *sessions)
{
    for (size_t i = 0; i < sessions->count; i++) {
        free(sessions->all[i].token);
        free(sessions->all[i].students);
    }
    free(sessions->all);
    *sessions = (struct sessions){ 0 };
}

const struct session *sessions_next(const struct sessions *sessions, enum role role, size_t *cursor)
{
    while (*cursor < sessions->count) {
        const struct session *session = &sessions->all[(*cursor)++];
        if (session->role == role) return session;
    }
    return NULL;
}
