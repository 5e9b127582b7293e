/*
 * action: the table of what a person can do.
 *
 * The order is that of the hint line and of help: what one needs most in a place comes first.
 */
#include "action.h"

#include <string.h>

#include <certty/model/account.h>
#include <certty/model/discovery.h>
#include <certty/model/job.h>
#include <certty/model/request.h>
#include <certty/model/store.h>
#include <certty/ui/ui.h>

#include "act.h"
#include "screen.h"

#define STORES    ON(KIND_STORES)
#define CERTS     ON(KIND_CERTS)
#define REQUESTS  ON(KIND_REQUESTS)
#define DISCOVERY ON(KIND_DISCOVERY)
#define DOMAINS   ON(KIND_DOMAINS)
#define OBJECTS   ON(KIND_OBJECTS)
#define JOBS      ON(KIND_JOBS)
#define ACCOUNTS  ON(KIND_ACCOUNTS)
#define DEPLOYS   ON(KIND_DEPLOYS)
#define SCROLLING ANYWHERE
#define REMOTE    (NEED_ROW | NEED_REMOTE)
#define OURS      (REMOTE | NEED_OURS)
#define FITTING   (NEED_ROW | NEED_FITS)
#define OPEN      (FITTING | NEED_WAITING)

/* clang-format off */

const struct action action_table[] = {
	/* name           keys         where               needs                     verb                  arg             hint          sentence                                                    act */
	{ "open",         "Enter",     ON_LISTS | IN_PANE, NEED_ROW,                 NO_VERB,              0,              "open",       "Open what the cursor is on",                               act_open },
	{ "approve",      "a",         REQUESTS,           OPEN,                     VERB_APPROVE,         0,              "approve",    "Review and approve: sign what is asked for",               act_verb },
	{ "deny",         "D",         REQUESTS,           OPEN,                     VERB_DENY,            0,              "deny",       "Deny with a reason",                                       act_verb },
	{ "renew-due",    "e",         REQUESTS,           FITTING,                  VERB_RENEW,           0,              "renew",      "Renew the certificate that is due",                        act_verb },
	{ "countersign",  "C",         REQUESTS,           OPEN,                     VERB_COUNTERSIGN,     0,              "countersign", "Review and countersign what another person asks for",     act_verb },
	{ "publish",      "c",         REQUESTS,           FITTING,                  VERB_PUBLISH,         0,              "publish",    "Put the DNS records it waits for into their zones",        act_verb },
	{ "unpublish",    "B",         REQUESTS,           FITTING,                  VERB_UNPUBLISH,       0,              NULL,         "Take its DNS records away, once it is over",               act_verb },
	{ "sync",         "r",         REQUESTS,           FITTING,                  VERB_SYNC,            0,              "ask again",  "Ask again how it stands, and look in DNS",                 act_verb },
	{ "why",          "w",         ON_LISTS | IN_PANE, 0,                        VERB_WHY,             0,              "why",        "Say what stands in the way of a validation",               act_why, REQUESTS | DOMAINS },
	{ "resend",       "M",         REQUESTS,           FITTING,                  VERB_RESEND,          0,              "resend",     "Send the validation mails again",                          act_verb },
	{ "supply",       "i",         REQUESTS,           OPEN,                     VERB_SUPPLY,          0,              "bring in",   "Bring in what an issuer elsewhere has signed",             act_verb },
	{ "restart",      "Z",         REQUESTS,           FITTING,                  VERB_RESTART,         0,              "restart",    "Restart a workflow that failed or hangs",                  act_verb },
	{ "withdraw",     "X",         REQUESTS,           FITTING,                  VERB_WITHDRAW,        0,              "withdraw",   "Withdraw it where it was made",                            act_verb },
	{ "request-drop", "T",         REQUESTS,           FITTING,                  VERB_REQUEST_DROP,    0,              NULL,         "Delete it where it was made, whatever came of it",         act_verb },
	{ "request-edit", "",          REQUESTS,           FITTING,                  VERB_REQUEST_EDIT,    0,              NULL,         "Change what it asks for where it was made",                act_verb },
	{ "dismiss",      "Del",       REQUESTS,           FITTING,                  VERB_DISMISS,         0,              "dismiss",    "Forget it here; nothing is touched there",                 act_verb },
	{ "accept",       "a",         DISCOVERY,          NEED_ROW | NEED_NEW,      VERB_ACCEPT,          0,              "accept",     "Make what was found a store",                              act_verb },
	{ "ignore",       "D",         DISCOVERY,          NEED_ROW | NEED_NEW,      VERB_IGNORE,          0,              "ignore",     "Leave what was found out from now on",                     act_verb },
	{ "cancel-job",   "X",         JOBS,               NEED_ROW | NEED_RUNNING,  VERB_CANCEL,          0,              "stop it",    "Stop a job",                                               act_verb },
	{ "account-add",  "A",         ON_LISTS,           0,                        VERB_ACCOUNT_ADD,     0,              "add",        "Add an account of a provider",                             act_account_add, ACCOUNTS },
	{ "test",         "t",         ACCOUNTS,           REMOTE,                   VERB_ACCOUNT_TEST,    0,              "test",       "Sign in, and ask the server who we are",                   act_verb },
	{ "edit",         "e",         ACCOUNTS,           OURS,                     VERB_ACCOUNT_EDIT,    0,              "edit",       "Change an account's answers, or where its secrets lie",    act_account },
	{ "rotate",       "r",         ACCOUNTS,           OURS,                     VERB_ACCOUNT_ROTATE,  0,              "new secret", "Give an account new secrets",                              act_account },
	{ "rename",       "F2",        ACCOUNTS,           OURS,                     VERB_ACCOUNT_RENAME,  0,              NULL,         "Give an account another name",                             act_verb },
	{ "enable",       "a",         ACCOUNTS,           REMOTE | NEED_DISABLED,   VERB_ACCOUNT_ENABLE,  0,              NULL,         "Use accounts again that were disabled",                    act_verb },
	{ "disable",      "D",         ACCOUNTS,           REMOTE | NEED_ENABLED,    VERB_ACCOUNT_DISABLE, 0,              NULL,         "Leave accounts alone until they are enabled",              act_verb },
	{ "read-only",    "W",         ACCOUNTS,           OURS | NEED_SWITCH,       NO_VERB,              0,              NULL,         "Read-only on or off, for one account",                     act_read_only },
	{ "rule",         "B",         ACCOUNTS,           NEED_ROW,                 VERB_ACCOUNT_RULE,    0,              NULL,         "Say what an account approves by itself, or nothing",       act_rule },
	{ "drop-account", "X",         ACCOUNTS,           OURS,                     VERB_ACCOUNT_DROP,    0,              "drop",       "Forget accounts and all that hangs on them",               act_verb },
	{ "order",        "o",         STORES,             FITTING,                  VERB_ORDER,           0,              "order",      "Order a certificate from the service behind a store",      act_verb },
	{ "engine",       "C",         STORES,             FITTING,                  VERB_ENGINE_CONFIG,   0,              NULL,         "Change how an engine reaches the service behind it",       act_verb },
	{ "deploy",       "p",         CERTS,              NEED_ROW,                 VERB_DEPLOY,          0,              "deploy",     "Put a certificate with its key into other stores",         act_verb },
	{ "renew",        "r",         CERTS,              FITTING,                  VERB_RENEW,           0,              "renew",      "Have it renewed by whoever issued it",                     act_verb },
	{ "revoke",       "",          CERTS,              FITTING,                  VERB_REVOKE,          0,              NULL,         "Revoke it, which cannot be undone",                        act_verb },
	{ "tag",          "T",         CERTS,              FITTING,                  VERB_TAG,             0,              NULL,         "Set and remove its tags where it is",                      act_verb },
	{ "cert-enable",  "a",         CERTS,              FITTING,                  VERB_CERT_ENABLE,     0,              NULL,         "Let it be used again that was disabled",                   act_verb },
	{ "cert-disable", "D",         CERTS,              FITTING,                  VERB_CERT_DISABLE,    0,              NULL,         "Have the service give it to nobody for now",               act_verb },
	{ "backup",       "",          CERTS,              FITTING,                  VERB_BACKUP,          0,              NULL,         "Write all its versions to a file, encrypted there",        act_verb },
	{ "reissue",      "",          CERTS,              FITTING,                  VERB_REISSUE,         0,              NULL,         "Have it issued anew for another key or other names",       act_verb },
	{ "history",      "H",         CERTS,              FITTING,                  VERB_HISTORY,         0,              NULL,         "Read what was done to it there: by whom, when",            act_verb },
	{ "forget",       "Del",       CERTS,              NEED_ROW,                 VERB_FORGET,          0,              NULL,         "Leave it out of the lists here",                           act_verb },
	{ "redeploy",     "r",         DEPLOYS,            NEED_ROW,                 VERB_REDEPLOY,        0,              "redeploy",   "Deploy the newest certificate of the same names",          act_verb },
	{ "deploy-mode",  "e",         DEPLOYS,            NEED_ROW,                 VERB_DEPLOY_MODE,     0,              "on renewal", "Say what happens when it is renewed",                      act_verb },
	{ "deploy-drop",  "X",         DEPLOYS,            NEED_ROW,                 VERB_DEPLOY_DROP,     0,              "drop",       "Forget deployments; nothing is touched there",             act_verb },
	{ "object-edit",  "e",         OBJECTS,            FITTING,                  VERB_OBJECT_EDIT,     0,              "change",     "Change it where it is",                                    act_object },
	{ "object-drop",  "X",         OBJECTS,            FITTING,                  VERB_OBJECT_DROP,     0,              "delete",     "Delete it where it is",                                    act_verb },
	{ "object-reset", "Z",         OBJECTS,            FITTING,                  VERB_OBJECT_RESET,    0,              "reset",      "Make it new again where it is: what it has goes",          act_verb },
	{ "recover",      "r",         OBJECTS,            FITTING,                  VERB_RECOVER,         0,              "bring back", "Bring back what was deleted there",                        act_verb },
	{ "purge",        "D",         OBJECTS,            FITTING,                  VERB_PURGE,           0,              "purge",      "Delete it for good: it cannot come back",                  act_verb },
	{ "object-save",  "x",         OBJECTS,            FITTING,                  VERB_OBJECT_SAVE,     0,              "save",       "Write what is there to a file",                            act_verb },
	{ "validate",     "t",         OBJECTS | DOMAINS,  FITTING,                  VERB_VALIDATE,        0,              "validate",   "Have control of domains validated by their CA",        act_verb },
	{ "object-approve", "a",       OBJECTS,            FITTING,                  VERB_OBJECT_APPROVE,  0,              "approve",    "Approve what was found there",                             act_object },
	{ "object-history", "H",       OBJECTS,            FITTING,                  VERB_OBJECT_HISTORY,  0,              "history",    "Read what happened to it there: who changed what",         act_verb },
	{ "object-state", "",          STORES,             FITTING,                  VERB_OBJECT_STATE,    0,              NULL,         "Bring a domain or an ACME account to a state",             act_verb },
	{ "object-add",   "O",         STORES | OBJECTS,   FITTING,                  VERB_OBJECT_ADD,      0,              "new",        "Make a role or the like there",                            act_verb, OBJECTS },
	{ "find-stores",  "S",         ACCOUNTS,           REMOTE,                   VERB_ACCOUNT_STORES,  0,              "find stores", "Look for the stores that accounts have",                   act_verb },
	{ "unseal",       "O",         ACCOUNTS,           REMOTE | NEED_FITS,       VERB_UNSEAL,          0,              "unseal",     "Give a sealed server keys that unseal it",                 act_verb },
	{ "init",         "",          ACCOUNTS,           REMOTE | NEED_FITS,       VERB_INIT,            0,              NULL,         "Initialise a new server, and write down its keys",         act_verb },
	{ "mount",        "",          ACCOUNTS,           REMOTE | NEED_FITS,       VERB_MOUNT,           0,              NULL,         "Enable an engine of a server at a path",                   act_verb },
	{ "plugin",       "",          ACCOUNTS,           REMOTE | NEED_FITS,       VERB_PLUGIN,          0,              NULL,         "Register a plug-in that lies on a server",                 act_verb },
	{ "vault-create", "",          ACCOUNTS | STORES,  REMOTE | NEED_FITS,       VERB_VAULT_CREATE,    0,              NULL,         "Make a vault in a cloud, or one that a store only names",  act_vault },
	{ "restore",      "",          STORES,             FITTING,                  VERB_RESTORE,         0,              NULL,         "Put a certificate back from a backup",                     act_verb },
	{ "tune",         "",          STORES,             FITTING,                  VERB_TUNE,            0,              NULL,         "Change an engine's description and lives",                 act_verb },
	{ "schedule",     "t",         STORES,             FITTING,                  VERB_SCHEDULE,        0,              NULL,         "Say when an agent takes inventory",                        act_verb },
	{ "reenroll",     "e",         STORES,             FITTING,                  VERB_REENROLL,        0,              NULL,         "Have an agent make a key there, and a certificate",        act_verb },
	{ "discover",     "f",         ON_LISTS,           0,                        VERB_DISCOVER,        0,              NULL,         "Look for stores that are not known yet",                   act_verb },
	{ "filter",       "/",         ON_LISTS,           0,                        NO_VERB,              0,              "filter",     "Show only rows that match, while you type",                act_filter },
	{ "narrow",       "&",         ON_LISTS,           0,                        NO_VERB,              1,              NULL,         "Narrow the filter further",                                act_filter },
	{ "find-next",    "n",         ON_LISTS,           NEED_FILTER,              NO_VERB,              1,              NULL,         "Go to the next row that matches the last filter",          act_find },
	{ "find-back",    "N",         ON_LISTS,           NEED_FILTER,              NO_VERB,              -1,             NULL,         "Go to the one before",                                     act_find },
	{ "mark",         "Space",     ON_LISTS,           NEED_ROW,                 NO_VERB,              0,              "mark",       "Mark the row for what you do next, or unmark it",          act_mark },
	{ "mark-range",   "V",         ON_LISTS,           NEED_ROW,                 NO_VERB,              0,              NULL,         "Begin a range of marks here, or end it",                   act_range },
	{ "mark-invert",  "*",         ON_LISTS,           0,                        NO_VERB,              0,              NULL,         "Mark the rows shown that are not, unmark the others",      act_invert_marks },
	{ "unmark",       "u",         ON_LISTS,           NEED_MARKS,               NO_VERB,              0,              NULL,         "Unmark everything",                                        act_unmark },
	{ "refresh",      "F5 C-r",    ON_LISTS,           0,                        VERB_REFRESH,         0,              NULL,         "Read the stores of the chosen rows again",                 act_verb },
	{ "refresh-all",  "R",         ON_LISTS,           0,                        VERB_REFRESH,         1,              "refresh",    "Read all stores again",                                    act_refresh_all },
	{ "sort",         "s",         ON_LISTS,           0,                        NO_VERB,              0,              "sort",       "Choose what to sort by",                                   act_sort_menu },
	{ "sort-left",    "< S-Left",  ON_LISTS,           0,                        NO_VERB,              -1,             NULL,         "Sort by the column to the left",                           act_sort_step },
	{ "sort-right",   "> S-Right", ON_LISTS,           0,                        NO_VERB,              1,              NULL,         "Sort by the column to the right",                          act_sort_step },
	{ "sort-invert",  "I",         ON_LISTS,           0,                        NO_VERB,              0,              NULL,         "Turn the order round",                                     act_sort_invert },
	{ "export",       "x",         CERTS,              NEED_ROW,                 VERB_EXPORT,          0,              "export",     "Write certificates to a file",                             act_verb },
	{ "import",       "i",         STORES | CERTS,     NEED_ROW | NEED_WRITABLE, VERB_IMPORT,          0,              NULL,         "Add a certificate from a file to this store",              act_verb },
	{ "remove",       "X",         CERTS,              NEED_ROW,                 VERB_REMOVE,          0,              NULL,         "Remove certificates from a store",                         act_verb },
	{ "add",          "+",         ON_LISTS,           0,                        VERB_STORE_ADD,       0,              NULL,         "Add a store: a folder, a keystore file, host:port, a vault", act_verb },
	{ "drop",         "X",         STORES,             NEED_ROW,                 VERB_STORE_DROP,      0,              NULL,         "Forget stores; nothing in them is touched",                act_verb },
	{ "label",        "L",         STORES,             NEED_ROW,                 VERB_LABEL,           0,              "label",      "Set labels and container",                                 act_verb },
	{ "passphrase",   "P",         STORES,             NEED_ROW,                 VERB_PASSPHRASE,      0,              NULL,         "Keep or forget the passphrase of a store",                 act_verb },
	{ "unlock",       "U",         ON_LISTS,           0,                        VERB_UNLOCK,          0,              NULL,         "Unlock the keyring or the encrypted file",                 act_verb },
	{ "key",          "K",         ON_LISTS,           0,                        VERB_KEY,             0,              NULL,         "Make a private key and a request for a CA",                act_verb },
	{ "enroll",       "E",         ON_LISTS,           0,                        VERB_ENROLL,          0,              NULL,         "Make a key, have it signed elsewhere, deploy, verify",     act_verb },
	{ "defaults",     "",          ON_LISTS,           0,                        VERB_DEFAULTS,        0,              NULL,         "Set a default value in a named set of them",               act_verb },
	{ "served",       "",          ON_LISTS,           0,                        VERB_SERVED,          0,              NULL,         "Say what sites really serve, and whether it is right",     act_served },
	{ "doctor",       "",          ON_LISTS,           0,                        VERB_DOCTOR,          0,              NULL,         "Say what works here, and what is wrong",                   act_verb },
	{ "notify",       "",          ON_LISTS,           0,                        VERB_NOTIFY,          0,              NULL,         "Send the notices that are due",                            act_verb },
	{ "run",          "",          ON_LISTS,           0,                        VERB_RUN,             0,              NULL,         "Do once what is due and needs no person",                  act_verb },
	{ "describe",     "d",         ON_LISTS | IN_PANE, NEED_ROW,                 VERB_SHOW,            0,              NULL,         "Everything about it, on a screen of its own",              act_describe },
	{ "raw",          "v",         ON_LISTS | IN_PANE, NEED_ROW,                 NO_VERB,              0,              "raw",        "Raw forms: PEM, text, JSON",                               act_raw },
	{ "copy",         "y",         ON_LISTS | IN_PANE, NEED_ROW,                 NO_VERB,              0,              "copy",       "Copy name, id, PEM or command to your clipboard",          act_copy },
	{ "palette",      ":",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              0,              "command",    "Type a command",                                           act_palette },
	{ "help",         "? F1",      ANYWHERE,           0,                        NO_VERB,              0,              "help",       "What the keys do here",                                    act_help },
	{ "back",         "Esc",       ANYWHERE,           0,                        NO_VERB,              0,              NULL,         "Back: close what is on top, or clear the filter",          act_back },
	{ "leave",        "q",         ANYWHERE,           0,                        NO_VERB,              0,              NULL,         "Back, and from the list quit",                             act_quit_or_back },
	{ "down",         "j Down",    SCROLLING,          0,                        NO_VERB,              MOVE_DOWN,      NULL,         "Down",                                                     act_move },
	{ "up",           "k Up",      SCROLLING,          0,                        NO_VERB,              MOVE_UP,        NULL,         "Up",                                                       act_move },
	{ "page-down",    "PgDn C-f",  SCROLLING,          0,                        NO_VERB,              MOVE_PAGE_DOWN, NULL,         "A page down",                                              act_move },
	{ "page-up",      "PgUp C-b",  SCROLLING,          0,                        NO_VERB,              MOVE_PAGE_UP,   NULL,         "A page up",                                                act_move },
	{ "half-down",    "C-d",       SCROLLING,          0,                        NO_VERB,              MOVE_HALF_DOWN, NULL,         "Half a page down",                                         act_move },
	{ "half-up",      "C-u",       SCROLLING,          0,                        NO_VERB,              MOVE_HALF_UP,   NULL,         "Half a page up",                                           act_move },
	{ "first",        "g Home",    SCROLLING,          0,                        NO_VERB,              MOVE_FIRST,     NULL,         "To the beginning",                                         act_move },
	{ "last",         "G End",     SCROLLING,          0,                        NO_VERB,              MOVE_LAST,      NULL,         "To the end",                                               act_move },
	{ "left",         "h Left",    ON_LISTS | IN_PANE, 0,                        NO_VERB,              -1,             NULL,         "To the list; or columns to the left",                      act_sideways },
	{ "right",        "l Right",   ON_LISTS | IN_PANE, 0,                        NO_VERB,              1,              NULL,         "Into the details; or columns to the right",                act_sideways },
	{ "next-tab",     "Tab",       ON_LISTS | IN_PANE, 0,                        NO_VERB,              1,              NULL,         "The next tab",                                             act_next_tab },
	{ "last-tab",     "S-Tab",     ON_LISTS | IN_PANE, 0,                        NO_VERB,              -1,             NULL,         "The tab before",                                           act_next_tab },
	{ "stores",       "1",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_STORES,    NULL,         "Places where certificates live",                           act_tab },
	{ "certs",        "2",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_CERTS,     NULL,         "All certificates",                                         act_tab },
	{ "requests",     "3",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_REQUESTS,  NULL,         "What waits for somebody",                                  act_tab },
	{ "discovery",    "4",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_DISCOVERY, NULL,         "What discovery found",                                     act_tab },
	{ "domains",      "5",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_DOMAINS,   NULL,         "Names, how their validation stands, what covers them",     act_tab },
	{ "objects",      "6",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_OBJECTS,   NULL,         "Roles and the like, which services keep",                  act_tab },
	{ "jobs",         "7",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_JOBS,      NULL,         "Work under way and how it ended",                          act_tab },
	{ "accounts",     "8",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_ACCOUNTS,  NULL,         "Ways in to providers",                                     act_tab },
	{ "deploys",      "9",         ON_LISTS | IN_PANE, 0,                        NO_VERB,              KIND_DEPLOYS,   NULL,         "What was put where, and whether it is right",              act_tab },
	{ "mouse",        "m",         ON_LISTS,           0,                        NO_VERB,              0,              NULL,         "Mouse on or off; while on, Shift selects text",            act_mouse },
	{ "redraw",       "C-l",       EVERYWHERE,         0,                        NO_VERB,              0,              NULL,         "Draw everything again",                                    act_redraw },
	{ "suspend",      "C-z",       EVERYWHERE,         0,                        NO_VERB,              0,              NULL,         "Back to the shell for a while; fg returns",                act_suspend },
	{ "cancel",       "C-c",       EVERYWHERE,         0,                        NO_VERB,              0,              NULL,         "Leave what is on top, or stop your last job; twice: quit", act_cancel },
	{ "quit",         "F10",       EVERYWHERE,         0,                        NO_VERB,              0,              NULL,         "Quit",                                                     act_quit },
};

/* clang-format on */

const size_t action_count = G_N_ELEMENTS(action_table);

const struct action *action_find(const char *name)
{
	for (size_t i = 0; i < action_count; i++)
		if (!strcmp(action_table[i].name, name))
			return &action_table[i];
	return NULL;
}

const struct action *action_of_verb(enum verb_id verb)
{
	for (size_t i = 0; i < action_count; i++)
		if (action_table[i].verb == (int)verb)
			return &action_table[i];
	return NULL;
}

bool action_is_dangerous(const struct action *a)
{
	return a->verb != NO_VERB && verb_table[a->verb].dangerous;
}

const char *action_where(const struct action *a)
{
	g_autoptr(GString) titles = g_string_new(NULL);

	if (a->where & IN_LINE)
		return "everywhere";
	if (a->where & IN_TEXT)
		return "anywhere";
	if ((a->where & ON_LISTS) == ON_LISTS)
		return a->where & IN_PANE ? "lists, details" : "lists";
	for (int kind = 0; kind < KIND_COUNT; kind++)
		if (a->where & ON(kind))
			g_string_append_printf(titles, "%s%s", titles->len ? ", " : "",
					       kind_title((enum kind)kind));
	return titles->len ? g_intern_string(titles->str) : "details";
}

/* ---- what it needs ---- */

/* Whether something holds for an item; for asking all that are chosen. */
typedef bool holds_fn(const void *item);

static bool is_writable(const void *item)
{
	return ((const struct store *)item)->is_writable;
}

static bool is_waiting(const void *item)
{
	const struct request *r = item;

	return *r->can || r->state == REQUEST_WAITS_PERSON;
}

static bool is_new(const void *item)
{
	return ((const struct discovery *)item)->state == DISCOVERY_NEW;
}

static bool is_running(const void *item)
{
	return !job_is_over(item);
}

static bool is_remote(const void *item)
{
	return ((const struct account *)item)->origin != ACCOUNT_BUILT_IN;
}

static bool is_ours(const void *item)
{
	return ((const struct account *)item)->origin == ACCOUNT_CONFIGURED;
}

static bool is_disabled(const void *item)
{
	return ((const struct account *)item)->is_disabled;
}

static bool is_enabled(const void *item)
{
	return !is_disabled(item);
}

static bool can_switch(const void *item)
{
	return !((const struct account *)item)->is_read_only_by_site;
}

static bool holds_for_chosen(struct screen *s, enum kind kind, holds_fn *holds, uint32_t most)
{
	g_autoptr(GArray) rows = NULL;

	if (s->current != kind)
		return true;	/* the verb's targets are checked where they are gathered */
	rows = screen_chosen(s, most);
	for (guint i = 0; i < rows->len; i++)
		if (!holds(view_item(view_table[kind], s->snap, g_array_index(rows, uint32_t, i))))
			return false;
	return true;
}

static bool has_row(struct screen *s, uint32_t most)
{
	g_autoptr(GArray) rows = screen_chosen(s, 1);

	return rows->len > 0;
}

static bool has_marks(struct screen *s, uint32_t most)
{
	const struct list *l = screen_list(s);

	return l->n_marked || l->anchor != CERTS_NONE;
}

static bool has_sought(struct screen *s, uint32_t most)
{
	return s->sought != NULL;
}

static bool are_writable(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_STORES, is_writable, most);
}

static bool are_waiting(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_REQUESTS, is_waiting, most);
}

static bool are_new(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_DISCOVERY, is_new, most);
}

static bool are_running(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_JOBS, is_running, most);
}

static bool are_remote(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_ACCOUNTS, is_remote, most);
}

static bool are_ours(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_ACCOUNTS, is_ours, most);
}

static bool are_disabled(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_ACCOUNTS, is_disabled, most);
}

static bool are_enabled(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_ACCOUNTS, is_enabled, most);
}

static bool can_be_switched(struct screen *s, uint32_t most)
{
	return holds_for_chosen(s, KIND_ACCOUNTS, can_switch, most);
}

static const struct {
	unsigned need;
	bool (*is_met)(struct screen *s, uint32_t most);
	const char *otherwise;
} needs[] = {
	{ NEED_ROW, has_row, "There is no row here to do that with." },
	{ NEED_MARKS, has_marks, "Nothing is marked." },
	{ NEED_FILTER, has_sought, "Nothing was searched for yet: / filters." },
	{ NEED_WRITABLE, are_writable, "This store cannot be written." },
	{ NEED_WAITING, are_waiting, "Not all of the chosen requests wait for you." },
	{ NEED_NEW, are_new, "That was decided already." },
	{ NEED_RUNNING, are_running, "That job is over." },
	{ NEED_REMOTE, are_remote, "This machine needs no account." },
	{ NEED_OURS, are_ours, "It is read where another tool keeps it, and never changed here." },
	{ NEED_DISABLED, are_disabled, "It is in use already." },
	{ NEED_ENABLED, are_enabled, "It is disabled already." },
	{ NEED_SWITCH, can_be_switched, "The site's policy makes it read-only." },
};

static char *why_not_verb(const struct verb *v, struct screen *s, uint32_t most)
{
	g_autoptr(GPtrArray) targets = NULL;
	char *why = NULL;

	if (v->changes && s->is_read_only)
		return g_strdup_printf("certty is read-only now: %s changes something.", v->name);
	targets = act_targets(s, v, most, &why);
	return targets ? NULL : why;
}

bool action_is_here(const struct action *a, const struct screen *s)
{
	unsigned place = screen_place(s);

	if (a->where & place)
		return true;
	return place == IN_PANE && screen_shows_one(s) && a->where & ON(s->current) &&
	       a->verb != NO_VERB && a->needs & NEED_ROW;
}

char *action_why_not(const struct action *a, struct screen *s, uint32_t most)
{
	unsigned also = !s->top || action_is_here(a, s) ? ON(s->current) : 0;

	return action_why_not_in(a, s, screen_place(s) | also, most);
}

char *action_why_not_in(const struct action *a, struct screen *s, unsigned places, uint32_t most)
{
	if (!(a->where & places))
		return g_strdup_printf("%s works on %s.", a->name, action_where(a));
	for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
		if ((a->needs & needs[i].need) && !needs[i].is_met(s, most))
			return g_strdup(needs[i].otherwise);
	if (!s->is_loaded && a->verb != NO_VERB)
		return g_strdup("The saved state is still being loaded.");
	return a->verb == NO_VERB || a->arg ? NULL : why_not_verb(&verb_table[a->verb], s, most);
}

unsigned action_do(const struct action *a, struct screen *s)
{
	g_autofree char *why = action_why_not(a, s, UINT32_MAX);

	if (!why)
		return a->act(s, a);
	screen_say(s, ROLE_warn, "%s", why);
	return UI_REDRAW;
}

/* ---- for those outside ---- */

size_t ui_action_count(void)
{
	return action_count;
}

struct ui_action ui_action_at(size_t i)
{
	const struct action *a = &action_table[i];

	return (struct ui_action){ a->name, a->keys, action_where(a),
				   a->verb == NO_VERB ? NULL : &verb_table[a->verb],
				   a->sentence };
}

char **ui_check_keys(const struct settings *settings)
{
	struct keymap *k = keymap_new(settings);
	char **problems = g_strdupv((char **)keymap_problems(k));

	keymap_free(k);
	return problems;
}
