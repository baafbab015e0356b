/* An intrusive, circular, doubly linked list.
 *
 * The head is a struct list of its own; members embed a struct list. Nothing is allocated. A member is on one
 * list at a time; after list_remove it points to itself, so removing it again does no harm. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

static inline void list_init(struct list *l)
{
    l->next = l->prev = l;
}

static inline bool list_empty(const struct list *head)
{
    return head->next == head;
}

/* Is this member on some list? (It must have been initialised.) */
static inline bool list_linked(const struct list *l)
{
    return l->next != l;
}

static inline void list_insert_after(struct list *where, struct list *l)
{
    l->prev = where;
    l->next = where->next;
    where->next->prev = l;
    where->next = l;
}

static inline void list_append(struct list *head, struct list *l)
{
    list_insert_after(head->prev, l);
}

static inline void list_prepend(struct list *head, struct list *l)
{
    list_insert_after(head, l);
}

static inline void list_remove(struct list *l)
{
    l->prev->next = l->next;
    l->next->prev = l->prev;
    list_init(l);
}

static inline struct list *list_first(const struct list *head)
{
    return list_empty(head) ? NULL : head->next;
}

/* Takes the first member off the list; NULL when it is empty. */
static inline struct list *list_pop(struct list *head)
{
    struct list *l = list_first(head);

    if (l) list_remove(l);
    return l;
}

/* Moves every member of `from` to the end of `to`; `from` is empty afterwards. */
static inline void list_splice(struct list *to, struct list *from)
{
    if (list_empty(from)) return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

/* The first member as its struct; NULL when the list is empty. */
#define LIST_FIRST(head, type, member) (list_empty(head) ? NULL : container_of((head)->next, type, member))
#define LIST_POP(head, type, member)   (list_empty(head) ? NULL : container_of(list_pop(head), type, member))

/* for: `struct thing *t; LIST_FOREACH(t, &head, link) ...`. The list must not change in the loop. */
#define LIST_FOREACH(item, head, member)                                                                     \
    for ((item) = container_of((head)->next, __typeof__(*(item)), member); &(item)->member != (head);        \
         (item) = container_of((item)->member.next, __typeof__(*(item)), member))

/* The same; `item` itself may be removed or freed in the loop, its neighbours may not. */
#define LIST_FOREACH_SAFE(item, tmp, head, member)                                                           \
    for ((item) = container_of((head)->next, __typeof__(*(item)), member),                                   \
        (tmp) = container_of((item)->member.next, __typeof__(*(item)), member);                              \
         &(item)->member != (head);                                                                          \
         (item) = (tmp), (tmp) = container_of((item)->member.next, __typeof__(*(item)), member))

#endif
