"""A Secret Service that behaves as its argument says, for states that a real one cannot be
brought into: secret_service.py MODE, on the session bus, until it is ended.

Modes: normal, locked, no-collection, prompts, locks-later, hangs, hangs-late, dies, dies-late,
odd.  Says "ready" when it has its name, and "prompted" whenever somebody opens a prompt.
"""
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.secrets"
ROOT = "/org/freedesktop/secrets"
COLLECTION = ROOT + "/collection/scripted"
ALIAS = ROOT + "/aliases/default"
PROMPT = ROOT + "/prompt/p1"
SERVICE = "org.freedesktop.Secret.Service"
COLLECTION_INTERFACE = "org.freedesktop.Secret.Collection"
ITEM = "org.freedesktop.Secret.Item"
PROPERTIES = "org.freedesktop.DBus.Properties"

mode = sys.argv[1]
items = {}


class Refusal(dbus.DBusException):
    """An error with a name of its own."""

    def __init__(self, name, message):
        super().__init__(message, name=name)


def misbehave(early, reply, error, answer):
    """Answers, or does what the mode wants where it wants it."""
    late = "" if early else "-late"
    if mode == "dies" + late:
        os._exit(0)
    elif mode == "hangs" + late:
        pass
    elif mode == "odd" and early:
        error(Refusal("org.example.Odd", "no \033[2Jidea"))
    else:
        reply(*answer)


class Item(dbus.service.Object):
    """One secret."""

    def __init__(self, bus, path, properties, secret):
        super().__init__(bus, path)
        self.path = path
        self.label = str(properties.get(ITEM + ".Label", ""))
        self.attributes = {str(k): str(v)
                           for k, v in properties.get(ITEM + ".Attributes", {}).items()}
        self.secret = secret

    @dbus.service.method(PROPERTIES, "s", "a{sv}")
    def GetAll(self, interface):
        return {"Locked": False, "Label": self.label, "Created": dbus.UInt64(1),
                "Modified": dbus.UInt64(1),
                "Attributes": dbus.Dictionary(self.attributes, "ss")}

    @dbus.service.method(ITEM, "", "o")
    def Delete(self):
        del items[self.path]
        self.remove_from_connection()
        return "/"


class Collection(dbus.service.Object):
    """The only collection, at its own path and at that of the alias."""
    SUPPORTS_MULTIPLE_OBJECT_PATHS = True
    count = 0

    @dbus.service.method(PROPERTIES, "ss", "v")
    def Get(self, interface, name):
        return mode == "locked"

    @dbus.service.method(PROPERTIES, "s", "a{sv}")
    def GetAll(self, interface):
        return {"Locked": mode == "locked", "Label": "scripted",
                "Items": dbus.Array(list(items), "o")}

    @dbus.service.method(COLLECTION_INTERFACE, "a{sv}(oayays)b", "oo",
                         async_callbacks=("reply", "error"))
    def CreateItem(self, properties, secret, replace, reply, error):
        if mode == "prompts":
            reply("/", PROMPT)
            return
        if mode == "locks-later":
            error(Refusal("org.freedesktop.Secret.Error.IsLocked", "locked meanwhile"))
            return
        attributes = properties.get(ITEM + ".Attributes", {})
        path = next((p for p, i in items.items() if i.attributes == attributes), None)
        if path is None:
            Collection.count += 1
            path = "%s/i%d" % (COLLECTION, Collection.count)
            items[path] = Item(self.connection, path, properties, secret)
        items[path].secret = secret
        misbehave(False, reply, error, (path, "/"))


class Prompt(dbus.service.Object):
    """Nobody is to open it."""

    @dbus.service.method("org.freedesktop.Secret.Prompt", "s", "")
    def Prompt(self, window):
        print("prompted", flush=True)


class Service(dbus.service.Object):
    """The way in."""

    @dbus.service.method(SERVICE, "sv", "vo")
    def OpenSession(self, algorithm, data):
        if algorithm != "plain":
            raise Refusal("org.freedesktop.DBus.Error.NotSupported", "plain alone")
        return "", ROOT + "/session/s1"

    @dbus.service.method(SERVICE, "s", "o", async_callbacks=("reply", "error"))
    def ReadAlias(self, name, reply, error):
        misbehave(True, reply, error, ("/" if mode == "no-collection" else COLLECTION,))

    @dbus.service.method(SERVICE, "a{ss}", "aoao", async_callbacks=("reply", "error"))
    def SearchItems(self, attributes, reply, error):
        found = [p for p, i in items.items()
                 if all(i.attributes.get(k) == v for k, v in attributes.items())]
        misbehave(False, reply, error, (found, []))

    @dbus.service.method(SERVICE, "aoo", "a{o(oayays)}")
    def GetSecrets(self, paths, session):
        return {p: items[p].secret for p in paths}

    @dbus.service.method(SERVICE, "ao", "aoo")
    def Unlock(self, paths):
        return [], PROMPT


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    kept = [Service(bus, ROOT), Prompt(bus, PROMPT)]
    collection = Collection(bus, COLLECTION)
    collection.add_to_connection(bus, ALIAS)
    kept += [collection, dbus.service.BusName(NAME, bus, do_not_queue=True)]
    print("ready", flush=True)
    GLib.MainLoop().run()


main()
