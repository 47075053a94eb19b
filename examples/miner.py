#!/usr/bin/env python3
"""A miner for Sluice in one file, with nothing but Python's standard library.

    sluice keys new miner.key
    python3 examples/miner.py ws://127.0.0.1:8700 miner.key            # for ever
    python3 examples/miner.py ws://127.0.0.1:8700 miner.key --once     # one round, then exit code 0

The protocol is docs/wire.md, version 2. What to change is `propose`, at the very end; everything above it is the
connection: Ed25519 (RFC 8032), a WebSocket client (RFC 6455) and the greeting.
"""
import base64
import hashlib
import json
import os
import random
import socket
import ssl
import struct
import sys
import time
import urllib.parse

# ---- Ed25519, as in RFC 8032, section 6: slow and plain, one signature per connection ---------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a, b):
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    z, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, t - z, t + z, y + x
    return e * f, g * h, f * g, e * h


def point_mul(s, point):
    out = (0, 1, 1, 0)
    while s > 0:
        if s & 1:
            out = point_add(out, point)
        point = point_add(point, point)
        s >>= 1
    return out


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expand(secret):
    h = hashlib.sha512(secret).digest()
    a = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
    return a, h[32:]


def public_key(secret):
    return compress(point_mul(expand(secret)[0], BASE))


def sign(secret, message):
    def scalar(data):
        return int.from_bytes(hashlib.sha512(data).digest(), "little") % L

    a, prefix = expand(secret)
    public = compress(point_mul(a, BASE))
    r = scalar(prefix + message)
    big_r = compress(point_mul(r, BASE))
    s = (r + scalar(big_r + public + message) * a) % L
    return big_r + s.to_bytes(32, "little")


def end(sentence, code=2):
    """Ends with a sentence and an exit code: 2 something given is wrong, 3 this machine cannot."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(code)


def read_text(path, what):
    """The text of a file; ends with a sentence when it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as why:
        return end(f"{path}: cannot be read: {why.strerror}; expected {what}", 3)
    except UnicodeDecodeError:
        return end(f"{path}: is no text; expected {what}")


def read_key(path):
    """The file of `sluice keys new`: address and secret."""
    what = "a key file; make one: sluice keys new FILE"
    fields = {}
    for number, line in enumerate(read_text(path, what).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, space, value = line.partition(" ")
        if not space or name not in ("kind", "address", "public", "secret"):
            end(f"{path}: line {number}: expected kind, address, public or secret and a value: this is not {what}")
        fields[name] = value.strip()
    missing = [x for x in ("kind", "address", "public", "secret") if x not in fields]
    if missing:
        end(f"{path}: the line {missing[0]} is missing: this is not {what}")
    if fields["kind"] != "ed25519":
        end(f"{path}: keys of kind {fields['kind']} cannot sign here; make one of kind ed25519: sluice keys new FILE")
    try:
        secret = bytes.fromhex(fields["secret"])
    except ValueError:
        secret = b""
    if len(secret) != 32:
        end(f"{path}: secret: expected 64 hexadecimal digits: restore the file")
    if public_key(secret).hex() != fields["public"]:
        end(f"{path}: the secret does not belong to the public key: restore the file")
    return fields["address"], secret


def cause(why):
    """What an error of the network means, for people."""
    why = getattr(why, "reason", None) if isinstance(getattr(why, "reason", None), OSError) else why
    if isinstance(why, ssl.SSLCertVerificationError):
        return (f"its certificate cannot be trusted: {why.verify_message}; if its CA is one of your own, "
                "name the CA's file in SLUICE_CA")
    if isinstance(why, ssl.SSLError):
        return f"TLS failed ({why.reason}); is it ws:// or http:// rather than wss:// or https://?"
    if isinstance(why, ConnectionRefusedError):
        return "nobody listens there: is the node running, and is this its address?"
    if isinstance(why, socket.gaierror):
        return "no such host: is the name right?"
    if isinstance(why, TimeoutError):
        return "no answer in time"
    return str(getattr(why, "strerror", None) or why or type(why).__name__)


def run(main):
    """Calls main with the arguments; Ctrl-C and a reader that left end without a traceback."""
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what Python flushes at its end
        sys.exit(3)


# ---- WebSocket, as in RFC 6455 ------------------------------------------------------------------------


class Gone(Exception):
    """The connection is over."""


def reason_in(head):
    """Why a node refused before it read anything, as its head states."""
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "sluice-refused":
            return ":" + value
    return ""


def address_of(url):
    try:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme in ("ws", "wss") and parts.port and parts.hostname:
            return parts
    except ValueError:
        pass
    return end(f"expected ws://HOST:PORT or wss://HOST:PORT, got {url}")


def tls_context():
    """The system's CAs, or those of the file that SLUICE_CA names."""
    ca = os.environ.get("SLUICE_CA")
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as why:
        return end(f"SLUICE_CA={ca}: expected a file with certificates of CAs in PEM form: {why}", 3)


class WebSocket:
    def __init__(self, url, patience=90):
        parts = address_of(url)
        context = tls_context() if parts.scheme == "wss" else None
        self.sock = socket.create_connection((parts.hostname, parts.port), timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.sock = context.wrap_socket(self.sock, server_hostname=parts.hostname)
        self.sock.settimeout(patience)
        self.data = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(
            f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.data:
            self.more()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        wanted = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        if b" 101 " not in head.split(b"\r\n")[0] or wanted not in head:
            raise Gone("no WebSocket there: " + head.decode("latin-1").split("\r\n")[0] + reason_in(head))

    def more(self):
        got = self.sock.recv(65536)
        if not got:
            raise Gone("the node closed the connection")
        self.data += got

    def take(self, count):
        while len(self.data) < count:
            self.more()
        out, self.data = self.data[:count], self.data[count:]
        return out

    def send(self, payload, opcode=1):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        masked = bytes(b ^ mask[i & 3] for i, b in enumerate(payload))
        self.sock.sendall(head + mask + masked)

    def receive(self):
        """The next text."""
        text = b""
        while True:
            first, second = self.take(2)
            size = second & 127
            if size == 126:
                size = struct.unpack(">H", self.take(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.take(8))[0]
            if size > 262144 or second & 0x80:
                raise Gone("the node broke the protocol")
            payload = self.take(size)
            opcode = first & 15
            if opcode == 8:
                self.send(payload, 8)
                raise Gone("the node closed the connection")
            if opcode == 9:
                self.send(payload, 10)
            elif opcode in (0, 1, 2):
                text += payload
                if first & 0x80:
                    return text.decode()


# ---- The greeting and the conversation (docs/wire.md) ----------------------------------------------------


class Refused(Exception):
    def __init__(self, message):
        super().__init__(f"{message.get('reason')}: {message.get('text')}")
        self.retry = message.get("retry_ms", 0) / 1000


def send(web, message):
    web.send(json.dumps(message).encode())


say = send  # its name in version 0.1.0, for programs that import this file


def come_in(web, address, secret):
    send(web, {"type": "hello", "protocol": 2, "role": "miner", "hotkey": address,
               "signature_kind": "ed25519", "software": "miner.py", "mechanisms": ["liquidity"]})
    challenge = read_message(web)
    if challenge["type"] == "refused":
        raise Refused(challenge)
    if challenge["type"] != "challenge":
        raise Gone(f"expected a challenge, got {challenge['type']}")
    node, nonce, now = challenge["node"], challenge["nonce"], int(time.time() * 1000)
    if any(not 33 <= ord(c) <= 126 for c in node + nonce):
        raise Gone("the challenge is none: it has spaces or line feeds in it")
    statement = (f"sluice/miner/statement\nprotocol 2\nrole miner\nnode {node}\nhotkey {address}\n"
                 f"signature_kind ed25519\nnonce {nonce}\ntime_ms {now}\n")
    send(web, {"type": "proof", "nonce": nonce, "time_ms": now,
               "signature": sign(secret, statement.encode()).hex()})
    welcome = read_message(web)
    if welcome["type"] == "refused":
        raise Refused(welcome)
    if welcome["type"] != "welcome":
        raise Gone(f"expected welcome, got {welcome['type']}")
    print("welcome", f"session {welcome['session']}, uid {welcome['uid']}", flush=True)


def read_message(web):
    try:
        message = json.loads(web.receive())
        if isinstance(message, dict) and isinstance(message.get("type"), str):
            return message
    except ValueError:
        pass
    raise Gone("the node sent a message that is none")


def serve(web, once):
    """Until the node goes; with `once` until a round that was answered in has its scores."""
    answered = set()
    while True:
        message = read_message(web)
        kind = message["type"]
        ours = message.get("mechanism") == "liquidity"  # this miner plays no other
        if kind == "question" and ours:
            body = message["body"]
            print("question", body["round"], "block", body["block_number"], flush=True)
            send(web, {"type": "answer", "id": message["id"], "body": propose(body)})
            answered.add(body["round"])
        elif kind == "notice" and ours:
            notice(web, message["body"], answered, once)
        elif kind == "ping":
            send(web, {"type": "pong", "id": message["id"]})
        elif kind == "bye":
            raise Refused(message)
        # anything else is of another mechanism or a later version: passed over


def notice(web, body, answered, once):
    """What the node sends of the liquidity mechanism."""
    if body["type"] == "invalid":
        print("invalid", body["round"], body["reason"], flush=True)
    elif body["type"] == "scores":
        print("scores", body["round"], body["verdict"], body["score"],
              f"rank {body['rank']} of {body['miners']}", body["note"], flush=True)
        if once and body["round"] in answered:
            send(web, {"type": "bye", "reason": "closing", "text": "", "retry_ms": 0})
            raise SystemExit(0 if body["verdict"] == "scored" else 1)


def main(arguments):
    if len(arguments) < 2:
        raise SystemExit(__doc__)
    once = "--once" in arguments
    given = [x for x in arguments if x != "--once"]
    if len(given) != 2:
        end(f"expected a URL and a key file, got {' '.join(given) or 'nothing'}; without arguments this explains itself")
    url, key_file = given
    address_of(url)
    address, secret = read_key(key_file)
    failures = 0
    while True:
        pause = 0
        try:
            web = WebSocket(url)
            come_in(web, address, secret)
            failures = 0
            serve(web, once)
        except Refused as why:
            print("refused", why, flush=True)
            pause = why.retry
            if once and not str(why).startswith("closing"):
                raise SystemExit(1) from None
        except KeyError as why:
            print("lost", url, f"the node sent a message without {why}", flush=True)
        except Gone as why:
            print("lost", url, why, flush=True)
        except OSError as why:
            print("lost", url, cause(why), flush=True)
        failures = min(failures + 1, 6)
        time.sleep(max(pause, random.uniform(1, min(60, 2**failures))))


# ---- The strategy: this is yours ------------------------------------------------------------------------------


def propose(question):
    """One range of 5 % around the price, with everything that is there; moved when the price leaves it."""
    spacing, tick = question["terms"]["tick_spacing"], question["tick"]
    held = question["current_positions"]
    if len(held) == 1 and held[0]["tick_lower"] <= tick < held[0]["tick_upper"]:
        keep = held[0]
        return {"accepted": True, "version": "1", "desired_positions": [
            {"tick_lower": keep["tick_lower"], "tick_upper": keep["tick_upper"],
             "allocation0": keep["amount0"], "allocation1": keep["amount1"]}]}
    have = question["inventory_remaining"]
    all0 = int(have["amount0"]) + sum(int(x["amount0"]) for x in held)
    all1 = int(have["amount1"]) + sum(int(x["amount1"]) for x in held)
    middle = tick // spacing * spacing
    half = 488 // spacing * spacing or spacing  # 1.0001^488 is 1.05
    return {"accepted": True, "version": "1", "desired_positions": [
        {"tick_lower": middle - half, "tick_upper": middle + half,
         "allocation0": str(all0), "allocation1": str(all1)}]}


if __name__ == "__main__":
    run(main)
