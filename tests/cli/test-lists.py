#!/usr/bin/python3
"""Rows for programs and for people: JSON whose keys stay, CSV and TSV that hostile names do not
break, text that is whole in a pipe, and the saved state."""
import csv
import io
import os
import re
import subprocess

from place import Place, case, cases, holds, same

# What programs rely on.  A key may be added at the end of its kind; none may go or move.
KEYS = {
    "stores": "id title state certs keys seen type container labels trouble account address "
              "tried writable",
    "certs": "id name not_after life places key issuer marks signature names n_places "
             "not_before sha256 serial",
    "requests": "id waits_for title due theirs next where since oddities state names reason result "
                "can records type rule",
    "discovery": "id title state type what last_seen first_seen account certs",
    "domains": "id name state method reusable_until next_rule certs expires accounts validation validated "
               "validated_until next_rule_from registration users provider ascii",
    "jobs": "id verb target state progress asked said left number of ended troubles quiet",
    "accounts": "id provider tested ends secret_from read_only stores certs who trouble title "
                "disabled verdict origin found_in defaults works "
                "renew",
    "deploys": "id title where state mode since trouble place names key from sha256 newer",
}
HOSTILE = '=HYPERLINK("http://x"),|\'\t`$(id)\\'


@case
def keys_stay():
    """the keys of every kind are those of schema 1, in JSON and in CSV"""
    with Place() as p:
        p.make("www.example.org", 100)
        for kind, keys in KEYS.items():
            run = p.certty("ls", kind, "-o", "csv")
            same(run.out.split("\n")[0].split(","), keys.split(), kind)
            run = p.certty("ls", kind, "-o", "json")
            same(run.status, 0, kind)
            bounded = ["left_out"] if kind == "domains" else []
            same(list(run.json), ["schema", "kind", "as_of"] + bounded + ["failed_stores", "rows"], kind)
            same((run.json["schema"], run.json["kind"]), (1, kind))
            for row in run.json["rows"]:
                same(list(row), keys.split(), kind)


@case
def values():
    """a certificate's row says what openssl says of it"""
    with Place() as p:
        path = p.make("www.example.org", 100)
        row, = p.certty("-o", "json").json["rows"]
        said = p.openssl("x509", "-in", path, "-noout", "-serial", "-fingerprint", "-sha256",
                         "-enddate", "-dateopt", "iso_8601").decode()
        serial = re.search("serial=(.*)", said).group(1).lower().lstrip("0")
        same(row["serial"].lstrip("0"), serial, "serial")
        same(row["sha256"], re.search("Fingerprint=(.*)", said).group(1).replace(":", "").lower())
        end = re.search("notAfter=(.*) (..:..)", said)
        same(row["not_after"][:16], "%sT%s" % end.groups())
        same(row["id"], row["sha256"][:16])
        same((row["name"], row["names"]), ("www.example.org", ["www.example.org"]))
        same(row["places"], [{"store": "local/folder:" + p.certs, "place": os.path.basename(path)}])
        same((row["key"], row["n_places"]), ("EC P-256", 1))


@case
def json_and_csv_agree():
    """JSON and CSV say the same of every row"""
    with Place() as p:
        for days in (100, 3, -5):
            p.make("host%d.example.org" % days, days, since=-400)
        p.certty("refresh")
        for kind in KEYS:
            rows = p.certty("ls", kind, "--offline", "-o", "json").json["rows"]
            flat = csv.DictReader(io.StringIO(p.certty("ls", kind, "--offline", "-o", "csv").out))
            for row, cells in zip(rows, flat):
                for key, value in row.items():
                    if isinstance(value, list):
                        for v in value:
                            holds(cells[key], v if isinstance(v, str) else v["store"])
                    else:
                        wanted = {None: "", True: "true", False: "false"}.get(value, str(value)) \
                            if value is None or isinstance(value, bool) else str(value)
                        same(cells[key], wanted, "%s %s" % (kind, key))


@case
def hostile_csv():
    """a hostile name stays one cell in CSV, and no spreadsheet takes it for a formula"""
    with Place() as p:
        p.make(HOSTILE, 100)
        run = p.certty("-o", "csv")
        header, row = csv.reader(io.StringIO(run.out))
        cell = row[header.index("name")]
        same(cell, "'" + HOSTILE.replace("\t", "\\t"))
        same(len(row), len(header))


@case
def hostile_tsv():
    """a hostile name stays one field in TSV"""
    with Place() as p:
        p.make(HOSTILE, 100)
        lines = p.certty("-o", "tsv").out.split("\n")
        same(len(lines), 3)
        same(len(lines[1].split("\t")), len(lines[0].split("\t")))
        same(lines[1].split("\t")[1], HOSTILE.replace("\t", "\\t"))


@case
def piped_text():
    """in a pipe no column is cut, and no line ends in blanks"""
    with Place() as p:
        name = "a-name-that-is-longer-than-a-column-on-a-terminal.example.org"
        p.make(name, 100)
        out = p.certty("ls", "certs").out
        holds(out, name, p.certs, "EXPIRES", "SIGNED")
        same([line for line in out.split("\n") if line != line.rstrip()], [])
        same(re.findall("[^\n -~]", p.certty("ls", "certs", "--ascii").out), [], "ASCII")


@case
def order_and_filter():
    """--filter, --sort and --reverse choose and order; a wrong one is said"""
    with Place() as p:
        for name, days in (("b.example.org", 300), ("a.example.org", 20), ("c.example.net", 3)):
            p.make(name, days)

        def names(*args):
            return [r["name"][0] for r in p.certty("ls", "certs", "-o", "json", *args).json["rows"]]
        same(names(), list("cab"), "by expiry")
        same(names("--sort", "name"), list("abc"))
        same(names("--sort", "NAME", "--reverse"), list("cba"))
        same(names("--filter", "exp<30d"), list("ca"))
        same(names("--filter", "!example.net", "-s", "name"), list("ab"))
        same(names("--account", "local", "--filter", "example.org exp>30d"), ["b"])
        for args in (("--sort", "nothing"), ("--filter", "exp<soon"), ("-o", "yaml")):
            run = p.certty("ls", "certs", *args)
            same((run.status, run.out), (2, ""), args)
            same(run.err.count("\n"), 1, args)


@case
def offline():
    """--offline shows what was saved, whatever has changed since, and asks nobody"""
    with Place() as p:
        first = p.make("first.example.org", 100)
        same(len(p.certty("-o", "json").json["rows"]), 1)
        p.make("second.example.org", 100)
        os.remove(first)
        run = p.certty("--offline", "-o", "json", "--refresh", "1")
        same([r["name"] for r in run.json["rows"]], ["first.example.org"])
        same(p.certty("refresh", "--offline").status, 5)
        same(p.certty("refresh").status, 0)
        run = p.certty("--offline", "-o", "json")
        same([r["name"] for r in run.json["rows"]], ["second.example.org"])


@case
def failed_store():
    """a store that cannot be read: the rest is listed, it is named, and the status is 3"""
    with Place() as p:
        p.make("www.example.org", 100)
        p.configure("endpoints=127.0.0.1:1\n")
        run = p.certty("ls", "certs", "-o", "json")
        same(run.status, 3)
        same(len(run.json["rows"]), 1)
        store, = run.json["failed_stores"]
        holds(store["id"], "127.0.0.1:1")
        holds(store["trouble"], "refused")
        holds(run.err, "127.0.0.1:1", "refused")
        same(p.certty("ls", "certs", "--offline").status, 3)


@case
def show():
    """show takes an id, its beginning, or a name; as lines, JSON and PEM"""
    with Place() as p:
        path = p.make("www.example.org", 100)
        p.make("two.example.org", 100)
        p.make("two.example.org", 200)
        row, = p.certty("-o", "json", "--filter", "www").json["rows"]
        for word in (row["id"], row["id"][:6], "www.example.org", "certs/" + row["id"]):
            holds(p.certty("show", word).out, "CN=www.example.org")
        same(p.certty("show", row["id"], "-o", "json").json["schema"], 1)
        pem = p.certty("show", row["id"], "-o", "pem").out
        with open(path, encoding="ascii") as f:
            same(pem.split(), f.read().split())
        holds(p.certty("show", p.certs).out, p.certs)
        same(p.certty("show", p.certs, "-o", "json").json["schema"], 1)
        same(p.certty("show", "two.example.org").status, 1, "two of them")
        same(p.certty("show", "nothing").status, 1)
        same(p.certty("show", p.certs, "-o", "pem").status, 2)


@case
def full_disk():
    """output that cannot be written is a failure"""
    with Place() as p, open("/dev/full", "wb") as full:
        done = subprocess.run(p.argv("config", "default"), stdout=full, stderr=subprocess.PIPE,
                              env=p.environment(), check=False, timeout=60)
        same(done.returncode, 1)
        holds(done.stderr.decode(), "No space left")


cases()
