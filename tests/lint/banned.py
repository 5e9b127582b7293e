"""Functions and habits that certty does without."""
import re

import lint

# What, where it is allowed all the same, and what to use.
IN_SOURCE = (
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets|strncpy|strncat)\s*\(", None, "GString or g_strlcpy"),
    (r"\bstrtok(_r)?\s*\(", None, "g_strsplit"),
    (r"\b(atoi|atol|atoll|atof|sscanf)\s*\(", None, "g_ascii_string_to_signed or strtoll"),
    (r"\b(system|popen|fork|vfork|g_spawn_\w+|g_subprocess_\w+)\s*\(", None, "spawn_run"),
    (r"\bposix_spawnp?\s*\(", r"src/base/spawn\.c$", "spawn_run"),
    (r"\b(setenv|putenv|unsetenv|g_setenv|g_unsetenv)\s*\(", r"src/app/main\.c$",
     "nothing: threads read the environment"),
    (r"\b(mktemp|tmpnam|tempnam|g_mktemp)\s*\(", None, "file_write"),
    # Spreading retries and choosing pivots need no good randomness.
    (r"\b(rand|random|srand|g_random_\w+)\s*\(", r"src/(net/retry|engine/operation|model/certs_names)\.c$",
     "OpenSSL's RAND_bytes"),
    (r"\balloca\s*\(|\bg_alloca\b|\bg_newa\b", None, "the heap"),
    # Nothing tells when a lock on a folder is free again; its wait has a limit.
    (r"\b(sleep|usleep|nanosleep|g_usleep)\s*\(",
     r"src/(db/db_file|base/settings_edit|keyring/keyring_file)\.c$", "a wait that something ends"),
    (r"\bpthread_(mutex|rwlock|spin|cond)_\w+|\bG(Mutex|RWLock|RecMutex|Cond)\b|\bg_mutex_\w+",
     None, "queue.h or slot.h"),
    (r"\bG(ThreadPool|AsyncQueue|Thread)\b|\bg_thread_\w+|\bg_async_queue_\w+|"
     r"\bg_atomic_\w+", None, "pthread_create with queue.h, ref.h"),
    (r"\btypedef\s+(struct|enum|union)\b[^(]*([;{]|$)",
     r"include/certty/base/auto\.h$", "struct thing"),
    # The engine bounds its own waiting by real time, also while a test holds the clock.
    (r"\b(time|gettimeofday|g_get_real_time|g_get_monotonic_time|g_date_time_new_now\w*)\s*\(",
     r"src/(base/clock|engine/engine)\.c$", "clock_now"),
    (r"\bwcwidth\s*\(|\bwcswidth\s*\(", r"src/base/text\w*\.c$", "text_width"),
    (r"\b(localtime|gmtime|ctime|asctime|strftime)\s*\(", None, "clock_say_…"),
)
IN_TESTS = (
    (r"\b(sleep|usleep|nanosleep|clock_nanosleep|g_usleep)\s*\(", None,
     "wait for a state, never for time"),
    (r"\b(strcpy|strcat|sprintf|gets)\s*\(", None, "GString or g_snprintf"),
)
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"))
                        + r")\b(?!ING)")


def look(paths, rules):
    found = []
    for path in paths:
        lines = lint.code_only(lint.read(path)).split("\n")
        for number, line in enumerate(lines, 1):
            for what, place, instead in rules:
                m = re.search(what, line)
                if m and not (place and re.match(place, path)):
                    found.append("%s:%d: %s (use %s)"
                                 % (path, number, m.group(0).strip(" ("), instead))
    return found


def main():
    tap = lint.Tap()
    tap.ok("nothing banned in the program",
           look(lint.files(".c", ".h", under=("include", "src")), IN_SOURCE))
    tap.ok("nothing banned in the tests", look(lint.files(".c", ".h", under=("tests",)),
                                               IN_TESTS))
    sleepy = []
    for path in lint.files(".py", ".sh", under=("tests",)):
        for number, line in enumerate(lint.read(path).split("\n"), 1):
            if re.search(r"^\s*sleep\s|\btime\.sleep" + r"\(", line):
                sleepy.append("%s:%d: %s" % (path, number, line.strip()))
    tap.ok("no test sleeps", sleepy)
    tap.ok("nothing is left for later", [
        "%s:%d: %s" % (path, number, line.strip())
        for path in lint.files(".c", ".h", ".py", ".sh", ".mk", ".am", ".ac", ".m4")
        for number, line in enumerate(lint.read(path).split("\n"), 1)
        if UNFINISHED.search(line)])
    tap.done()


main()
