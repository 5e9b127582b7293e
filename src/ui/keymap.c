/*
 * keymap: which action a key means.
 *
 * A flat array of bindings: there are about a hundred, and a person presses one key at a time.
 */
#include "keymap.h"

#include <certty/base/text.h>

#define KEYS_MOST 8		/* of one action */

struct binding {
	uint32_t key;
	const struct action *action;
};

struct keymap {
	GArray *bindings;
	GPtrArray *problems;
};

G_GNUC_PRINTF(2, 3)
static void complain(struct keymap *k, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(k->problems, g_strdup_vprintf(format, args));
	va_end(args);
}

static void bind(struct keymap *k, const struct action *a, const char *keys)
{
	uint32_t key[KEYS_MOST];
	size_t n = 0;
	g_autoptr(GError) error = NULL;

	if (!key_parse_list(keys, key, KEYS_MOST, &n, &error)) {
		complain(k, "[keys] %s: %s", a->name, error->message);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct binding b = { key[i], a };
		const struct action *other = keymap_find(k, a->where, key[i]);

		if (other && other != a) {
			g_autoptr(GString) name = g_string_new(NULL);

			key_say(name, key[i]);
			complain(k, "[keys] %s and %s both want %s; %s has it", other->name,
				 a->name, name->str, other->name);
			continue;
		}
		g_array_append_val(k->bindings, b);
	}
}

static const char *users_keys(const struct settings *settings, const struct action *a)
{
	return settings ? settings_raw(settings, "keys", a->name) : NULL;
}

static void check_names(struct keymap *k, const struct settings *settings)
{
	const char *const *names = settings_keys(settings, "keys");

	for (; names && *names; names++) {
		g_autofree char *shown = NULL;

		if (action_find(*names))
			continue;
		shown = text_harmless_dup(*names, 60);
		complain(k, "[keys] %s: there is no such action; see the help or certty(1)",
			 shown);
	}
}

struct keymap *keymap_new(const struct settings *settings)
{
	struct keymap *k = g_new0(struct keymap, 1);

	k->bindings = g_array_new(FALSE, FALSE, sizeof(struct binding));
	k->problems = g_ptr_array_new_with_free_func(g_free);
	if (settings)
		check_names(k, settings);
	/* The person's own first: a default never takes a key from them. */
	for (size_t i = 0; i < action_count; i++)
		if (users_keys(settings, &action_table[i]))
			bind(k, &action_table[i], users_keys(settings, &action_table[i]));
	for (size_t i = 0; i < action_count; i++)
		if (!users_keys(settings, &action_table[i]))
			bind(k, &action_table[i], action_table[i].keys);
	g_ptr_array_add(k->problems, NULL);
	return k;
}

void keymap_free(struct keymap *k)
{
	if (!k)
		return;
	g_array_unref(k->bindings);
	g_ptr_array_unref(k->problems);
	g_free(k);
}

const struct action *keymap_find(const struct keymap *k, unsigned place, uint32_t key)
{
	for (guint i = 0; i < k->bindings->len; i++) {
		const struct binding *b = &g_array_index(k->bindings, struct binding, i);

		if (b->key == key && (b->action->where & place))
			return b->action;
	}
	return NULL;
}

static guint say_keys(const struct keymap *k, const struct action *a, GString *out, guint most)
{
	guint said = 0;

	for (guint i = 0; i < k->bindings->len && said < most; i++) {
		const struct binding *b = &g_array_index(k->bindings, struct binding, i);

		if (b->action != a)
			continue;
		if (said++)
			g_string_append_c(out, ' ');
		key_say(out, b->key);
	}
	return said;
}

void keymap_say(const struct keymap *k, const struct action *a, GString *out)
{
	say_keys(k, a, out, G_MAXUINT);
}

bool keymap_say_first(const struct keymap *k, const struct action *a, GString *out)
{
	return say_keys(k, a, out, 1) == 1;
}

const char *const *keymap_problems(const struct keymap *k)
{
	return (const char *const *)k->problems->pdata;
}
