/* layer: the stack of what lies on top of the tab. */
#include "layer.h"

#include "screen.h"

void layer_push(struct screen *s, struct layer *l)
{
	l->below = s->top;
	s->top = l;
}

void layer_pop(struct screen *s)
{
	struct layer *l = s->top;

	if (!l)
		return;
	s->top = l->below;
	l->type->free(l);
}

void layer_pop_all(struct screen *s)
{
	while (s->top)
		layer_pop(s);
}
