/*
 * console: the screen and the engine, joined by a table of functions, so that neither knows how
 * the other is made.
 */
#include "console.h"

#include <signal.h>
#include <stdlib.h>

#include <certty/engine/engine.h>
#include <certty/ui/ui.h>

static uint64_t submit(void *who, struct command *c)
{
	g_info("asked for: %s", c->verb->name);
	return engine_submit(who, c);
}

static struct snapshot *take(void *who)
{
	return engine_take(who);
}

static void give_back(void *who, struct snapshot *s)
{
	engine_give_back(who, s);
}

static bool start(void *who, GError **error)
{
	return engine_start(who, error);
}

static char *recall(void *who, const char *key)
{
	return engine_recall(who, key);
}

static void remember(void *who, const char *key, const char *value)
{
	engine_remember(who, key, value);
}

static void keep_page(void *who, GBytes *page)
{
	engine_keep_page(who, page);
}

static const struct provider_info *const *providers(void *who)
{
	(void)who;
	return engine_providers();
}

static char *why_not(void *who, const struct verb *v, const char *provider, const struct store *s)
{
	(void)who;
	return engine_why_not(v, provider, s);
}

/* The screen hears of signals through a descriptor; threads inherit the mask. */
static void block_signals(void)
{
	static const int all[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		sigaddset(&set, all[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* https://no-color.org: set to anything but nothing. */
static bool wants_no_colour(const struct cli *c)
{
	const char *no_color = getenv("NO_COLOR"), *clicolor = getenv("CLICOLOR");

	return c->no_color || (no_color && *no_color) || !g_strcmp0(clicolor, "0");
}

int console_run(const struct cli *c)
{
	struct engine_config config = {
		.settings = c->settings, .state_folder = c->state_folder, .version = c->version,
		.is_offline = c->is_offline, .is_read_only = c->is_read_only,
		.refreshes_itself = true,
	};
	GError *error = NULL;
	struct engine *e;
	struct ui_config ui = { .settings = c->settings, .theme = c->theme,
				.check_terminal = ui_check_terminal,
				.no_colour = wants_no_colour(c),
				.is_read_only = c->is_read_only };
	bool ok;

	block_signals();
	e = engine_open(&config, &error);
	if (!e)
		return cli_fail(error);
	ui.first_page = engine_first_page(e);
	ui.engine = (struct ui_engine){ .submit = submit, .take = take, .give_back = give_back,
					.start = start, .recall = recall, .remember = remember,
					.keep_page = keep_page, .providers = providers,
					.why_not = why_not,
					.fd = engine_fd(e), .who = e };
	ok = ui_run(&ui, &error);
	engine_leave(e);
	return ok ? 0 : cli_fail(error);
}
