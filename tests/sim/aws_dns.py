"""What the world's resolvers, and the servers of the zones themselves, say of the zones of the simulated
Route 53: one UDP socket is them all.  Names and numbers as in RFC 1035."""
import socket
import struct
import threading

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6}
WORDS = {number: word for word, number in TYPES.items()}
QR, AA, RA, NXDOMAIN = 0x8000, 0x0400, 0x0080, 3
TTL = 60


def wire_name(text):
    labels = [label.encode() for label in text.strip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def wire_data(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "SOA":
        words = value.split()
        return wire_name(words[0]) + wire_name(words[1]) + struct.pack(">5I", *map(int, words[2:]))
    return wire_name(value)


def wire_record(name, kind, value):
    data = wire_data(kind, value)
    return wire_name(name) + struct.pack(">HHIH", TYPES[kind], 1, TTL, len(data)) + data


def read_question(packet):
    at, labels = 12, []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1").lower())
        at += 1 + packet[at]
    return ".".join(labels) + ".", WORDS.get(struct.unpack(">H", packet[at + 1:at + 3])[0]), packet[12:at + 5]


class Dns:
    def __init__(self, route53):
        self.route53 = route53
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            packet, whose = self.socket.recvfrom(4096)
            self.socket.sendto(self.answer(packet), whose)

    def zone_of(self, name):
        """The public zone that the name is in, the longest."""
        fitting = [z for zones in list(self.route53.accounts.values()) for z in list(zones.values())
                   if not z.private and (name == z.name or name.endswith("." + z.name))]
        return max(fitting, key=lambda z: len(z.name), default=None)

    def answer(self, packet):
        name, kind, question = read_question(packet)
        flags, found, above = QR | AA | RA, [], []
        zone = self.zone_of(name)
        if name.endswith(".sim.example."):      # the zones' own servers
            found = [wire_record(name, "A", "127.0.0.1")] if kind == "A" else []
        elif zone is None:
            flags |= NXDOMAIN
        else:
            for wanted in (kind, "CNAME"):
                if not found and (name, wanted) in zone.sets:
                    found = [wire_record(name, wanted, v) for v in zone.sets[(name, wanted)][1]]
            if not found:
                above = [wire_record(zone.name, "SOA", zone.sets[(zone.name, "SOA")][1][0])]
                flags |= 0 if any(key[0] == name for key in zone.sets) else NXDOMAIN
        flags |= packet[2] << 8 & 0x0100
        return (packet[:2] + struct.pack(">HHHHH", flags, 1, len(found), len(above), 0) + question
                + b"".join(found + above))
