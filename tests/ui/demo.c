/*
 * The real screen over the curses terminal on a fixture: for looking at, not a test.
 * demo [SNAPSHOT [TAB]]
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/ui/ui.h>

#include "../view/fixture.h"
#include "providers.h"

struct demo {
	const char *name;
	struct intern *words;
	struct snapshot *next;
	uint64_t number;
	int bell;
};

static uint64_t submit(void *who, struct command *c)
{
	struct demo *d = who;

	command_free(c);
	return ++d->number;
}

static struct snapshot *take(void *who)
{
	struct demo *d = who;
	uint64_t rung;

	if (read(d->bell, &rung, sizeof(rung)) < 0)
		return NULL;
	return g_steal_pointer(&d->next);
}

static const struct provider_info *const *providers(void *who)
{
	(void)who;
	return test_providers;
}

static bool start(void *who, GError **error)
{
	struct demo *d = who;
	uint64_t one = 1;

	d->next = fixture_snapshot(d->name, clock_now(), d->words);
	return d->next && write(d->bell, &one, sizeof(one)) > 0;
}

int main(int argc, char **argv)
{
	struct demo d = { .name = argc > 1 ? argv[1] : "five-certs" };
	struct ui_config config = { .tab = argc > 2 ? argv[2] : NULL };
	g_autoptr(GError) error = NULL;
	sigset_t set;

	setlocale(LC_ALL, "C.UTF-8");
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	text_set_ascii(getenv("DEMO_ASCII") != NULL);
	d.words = intern_new();
	d.bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	config.no_colour = getenv("NO_COLOR") != NULL;
	config.theme = getenv("DEMO_THEME");
	config.engine = (struct ui_engine){ .submit = submit, .take = take, .start = start,
					    .providers = providers, .why_not = test_why_not,
					    .fd = d.bell, .who = &d };
	if (!ui_run(&config, &error)) {
		fprintf(stderr, "demo: %s\n", error ? error->message : "no such snapshot");
		return 1;
	}
	snapshot_unref(d.next);
	intern_free(d.words);
	return 0;
}
