/*
 * status: the lines round the body: tabs above, status and hints below, and what an empty
 * body says.  One thread.
 */
#ifndef CERTTY_UI_STATUS_H
#define CERTTY_UI_STATUS_H

#include "rect.h"

struct screen;

void status_draw_tabs(struct screen *s, struct rect line);
void status_draw_status(struct screen *s, struct rect line);
void status_draw_hints(struct screen *s, struct rect line);
/* What is said where rows would be; nothing when there are some. */
void status_draw_empty(struct screen *s, struct rect body);

#endif
