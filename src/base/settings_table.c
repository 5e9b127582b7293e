/*
 * Every setting that certty has, one row each.  What a row says here is what the parser
 * checks, what CERTTY_<GROUP>_<KEY> overrides and what the manual prints.
 */
#include "certty/base/settings.h"

#define BOOL(group, key, fallback, sentence) \
	{ group, key, SETTING_BOOL, fallback, 0, 0, NULL, sentence }
#define INT(group, key, fallback, min, max, sentence) \
	{ group, key, SETTING_INT, fallback, min, max, NULL, sentence }
#define TEXT(group, key, fallback, sentence) \
	{ group, key, SETTING_TEXT, fallback, 0, 0, NULL, sentence }
#define LIST(group, key, fallback, sentence) \
	{ group, key, SETTING_LIST, fallback, 0, 0, NULL, sentence }
#define CHOICE(group, key, fallback, choices, sentence) \
	{ group, key, SETTING_CHOICE, fallback, 0, 0, choices, sentence }

/* clang-format off */
const struct setting settings_table[] = {
	TEXT("screen", "theme", "default",
	     "Colours: default, high-contrast, mono, deuteranopia, tritanopia, light, dark, or "
	     "the name of a theme file."),
	CHOICE("screen", "color", "auto", "auto always never",
	     "Whether colours are used; auto asks the terminal and NO_COLOR."),
	BOOL("screen", "ascii", "false",
	     "Draw with ASCII alone; other characters are shown as question marks."),
	BOOL("screen", "mouse", "false",
	     "Take the mouse: a click selects, the wheel scrolls."),
	INT("screen", "escape-delay", "35", 0, 1000,
	     "Milliseconds after which a lone Escape is a key and no longer the start of one."),
	BOOL("screen", "clipboard", "true",
	     "Let copying use the terminal's clipboard (OSC 52)."),
	BOOL("screen", "title", "true",
	     "Set the title of the terminal's window."),
	CHOICE("screen", "details", "split", "split full",
	     "Where details open: beside the list, or on the whole screen."),
	BOOL("screen", "bell", "false",
	     "Ring the bell when something new waits for a person."),

	LIST("local", "folders",
	     "/etc/ssl/certs; /etc/ssl; /etc/letsencrypt/live; /etc/nginx; /etc/apache2; "
	     "/etc/httpd; /etc/haproxy; /etc/postfix; /etc/dovecot; /etc/exim4; /etc/pki/tls",
	     "Folders whose certificate files are listed; those that do not exist are left out."),
	LIST("local", "files", "",
	     "Single keystore files that are listed: PEM, DER, PKCS#12 and PKCS#7."),
	LIST("local", "endpoints", "",
	     "Servers whose presented chain is fetched: host:port, or with STARTTLS "
	     "smtp://host:25 and the like."),
	INT("local", "depth", "8", 0, 64,
	     "How many folders deep a folder is walked."),
	INT("local", "file-limit", "16777216", 1024, 1073741824,
	     "Bytes of the largest file that is read."),
	TEXT("local", "ca-folder", "",
	     "Folder of a small certificate authority of your own."),

	LIST("dns", "servers", "",
	     "Resolvers that are asked where a DNS zone is: addresses, as in 192.0.2.53 or "
	     "127.0.0.1@5353; empty for those of /etc/resolv.conf."),
	INT("dns", "port", "53", 1, 65535,
	     "Port of the servers that have the zones."),
	INT("dns", "http-port", "80", 1, 65535,
	     "Port at which tokens of validation by HTTP are looked for; authorities use 80."),
	TEXT("dns", "anchor", "",
	     "File of DNSKEY or DS records from which signatures in DNS are trusted; empty for the "
	     "root's, where the system has it."),

	LIST("discovery", "folders", "/etc; /opt; /srv",
	     "Folders that discovery walks."),
	LIST("discovery", "hosts", "localhost",
	     "Hosts whose ports discovery tries."),
	LIST("discovery", "networks", "127.0.0.1/32; ::1/128",
	     "Networks whose addresses discovery tries."),
	LIST("discovery", "ports", "443, 465, 636, 853, 990, 993, 995, 5061, 8443, 9443",
	     "Ports that discovery tries."),
	INT("discovery", "limit", "4096", 1, 1000000,
	     "Files, or pairs of address and port, that one discovery looks at."),

	CHOICE("keyring", "use", "auto", "auto keyring file memory off",
	     "Where secrets are kept when nothing else is said: auto takes the keyring of the "
	     "desktop where there is one, else the encrypted file where it is open, else memory; "
	     "memory keeps them until certty ends and asks neither of the others; off is an older "
	     "word for memory."),
	TEXT("keyring", "file", "",
	     "The encrypted file of secrets; empty for $XDG_DATA_HOME/certty/secrets.pem."),
	INT("keyring", "file-remember", "0", 0, 24 * 60,
	    "Minutes for which the kernel keeps the file's passphrase for other certty processes "
	    "of the same login; 0 for not at all."),
	INT("keyring", "command-timeout", "30", 1, 600,
	    "Seconds that a program has to print a secret."),

	INT("refresh", "interval", "15", -1, 7 * 24 * 60,
	     "Minutes between two refreshes while the console is open; 0 or -1 for none."),
	INT("refresh", "parallel", "16", 1, 256,
	     "Requests that one store may have under way."),
	INT("refresh", "timeout", "10", 1, 600,
	     "Seconds that a server has to answer."),
	INT("refresh", "patience", "120", 1, 3600,
	     "Seconds for which a server is asked on that turns everything away, since too much is "
	     "asked of it."),

	CHOICE("renew", "rule", "propose", "off propose",
	     "Whether a certificate that should be renewed becomes a request that waits for a "
	     "person; an account's own answer \"renew\" wins over it."),
	INT("renew", "at", "66", 1, 99,
	     "Percent of its life used at which a certificate should be renewed."),

	INT("notice", "interval", "60", 1, 7 * 24 * 60,
	     "Minutes between two looks for notices that are due while the console is open."),
	LIST("notice", "days", "30, 14, 7, 3, 1",
	     "Days before the end at which a notice is due."),
	LIST("notice", "life", "",
	     "Percent of its life used at which a notice about a certificate is due."),
	INT("notice", "timeout", "30", 1, 600,
	     "Seconds that sendmail or a hook command has."),

	TEXT("mail", "sendmail", "/usr/sbin/sendmail",
	     "The program that takes mail, with sendmail's options."),
	TEXT("mail", "from", "",
	     "Address that notices come from; empty leaves it to the mail system."),

	BOOL("journal", "syslog", "false",
	     "Send every line of the journal to the system's log as well, as JSON."),

	TEXT("state", "folder", "",
	     "Where the saved state lives; empty for $XDG_STATE_HOME/certty."),

	BOOL("safety", "read-only", "false",
	     "Refuse everything that changes something."),
	BOOL("safety", "typed-confirm", "true",
	     "Ask for a typed word before something that cannot be taken back."),
	LIST("safety", "production", "production, prod",
	     "Networks, containers and labels of stores that are in production: what is changed there "
	     "takes a typed word."),
	BOOL("safety", "automatic-renewals", "true",
	     "Let renewals that an account allows be started without a person."),
	BOOL("safety", "automatic-approvals", "true",
	     "Let the rules of accounts approve requests without a person."),
	LIST("safety", "hosts", "",
	     "Hosts, *.domains and networks that may be contacted; empty for all."),
	LIST("safety", "rungs", "",
	     "Places where secrets may be kept: keyring, file, command, found; empty for all; "
	     "memory always may."),
	LIST("safety", "skus", "",
	     "Products that may be ordered or created, as the provider calls them; empty for all."),
	LIST("safety", "regions", "",
	     "Regions that may be used, as the provider calls them; empty for all."),
	LIST("safety", "plain-http", "",
	     "Hosts, *.domains and networks that may be asked over plain http; this machine itself "
	     "and the metadata services of clouds always may be; empty for no others."),
	LIST("safety", "four-eyes", "",
	     "Verbs that a second person has to countersign: approve; prod:revoke for one account "
	     "alone; prod:* for all that changes something there; empty for none."),

	TEXT("countersign", "folder", "",
	     "The shared folder in which people ask each other for a countersignature."),
	TEXT("countersign", "signers", "",
	     "Who may sign, and with which keys: a file as ssh-keygen(1) describes it under ALLOWED "
	     "SIGNERS, a line for each person."),
	TEXT("countersign", "key", "",
	     "Your own SSH key: the public file of one that the agent has, or a private one without "
	     "a passphrase."),
	TEXT("countersign", "identity", "",
	     "Whom the signers file knows you as."),
	INT("countersign", "valid", "24", 1, 30 * 24,
	     "Hours after which what was asked for is no longer valid."),
	{ 0 }
};
/* clang-format on */
