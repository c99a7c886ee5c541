#!/usr/bin/env bash
# Makes the captures of this folder anew: calls of a Kitex client to a Kitex server (test/interop/generic) on the loopback
# interface of a network namespace of their own, so that nothing else is in them. Needs root, tcpdump, dumpcap and editcap of
# Wireshark, openssl and python3; test/interop/generic/build.sh builds the peer.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
peer=$here/../../../../../test/interop/generic
[ "${INSIDE:-}" = yes ] || { INSIDE=yes exec unshare -n "$0"; }
ip link set lo up
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$peer/.."

# One server for all. A fixed port keeps the captures alike: a relay in front of the port that the server chose, on IPv4 and IPv6.
mkfifo "$work/end"
sleep 600 >"$work/end" &
generic/bin/peer serve --form json --idl idl/generic.thrift <"$work/end" >"$work/server" &
until [ -s "$work/server" ]; do sleep 0.1; done
port=$(sed -n '1s/[^0-9]//gp' "$work/server")
cat >"$work/relay.py" <<'PY'
import socket, sys, threading
def pump(a, b):
    while data := a.recv(65536):
        b.sendall(data)
    b.shutdown(socket.SHUT_WR)
def serve(family, host, to):
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, 8888))
    s.listen()
    while True:
        a, _ = s.accept()
        b = socket.create_connection(("127.0.0.1", to))
        threading.Thread(target=pump, args=(a, b), daemon=True).start()
        threading.Thread(target=pump, args=(b, a), daemon=True).start()
threading.Thread(target=serve, args=(socket.AF_INET6, "::1", int(sys.argv[1])), daemon=True).start()
serve(socket.AF_INET, "127.0.0.1", int(sys.argv[1]))
PY
python3 "$work/relay.py" "$port" &
sleep 1

# call HOST TRANSPORT METHOD MODE MESSAGES: one call, on a connection that ends with it
call() {
    printf '{"Address":"%s:8888","Form":"json","Idl":"idl/generic.thrift","Transport":"%s","Method":"%s","Mode":"%s","Messages":[%s]}\n' "$@" |
        generic/bin/peer call
}

calls() {
    call "$1" ttheader-framed Greet unary '"you"'
    call "$1" ttheader Talk bidi '"{\"text\":\"a\"}","{\"text\":\"b\",\"number\":5}"'
    call "$1" grpc Talk bidi '"{\"text\":\"c\"}"'
    call "$1" buffered Greet unary '"them"'
}

# capture FILE PROGRAM ARGUMENTS: captures while the calls of "during" are made
capture() {
    "${@:2}" -w "$here/$1" 2>"$work/said" &
    local pid=$!
    until grep -q -i -e 'listening on' -e 'File:' "$work/said"; do sleep 0.1; done
    sleep 0.5
    during
    sleep 1
    kill -INT "$pid"
    wait "$pid" || true
}

during() { calls 127.0.0.1; }
capture ethernet.pcap tcpdump -i lo port 8888
capture cooked.pcap tcpdump -i any -y LINUX_SLL --time-stamp-precision=nano port 8888
capture cooked2.pcap tcpdump -i any -y LINUX_SLL2 port 8888
capture short.pcap tcpdump -s 120 -i lo port 8888
capture wireshark.pcapng dumpcap -q -i lo -f 'port 8888'
during() { calls '[::1]'; }
capture ipv6.pcap tcpdump -i lo port 8888
editcap -F pcap -r "$here/ethernet.pcap" "$here/middle.pcap" 20-1000

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key" -out "$work/cert" -days 2 -subj /CN=probe 2>/dev/null
openssl s_server -quiet -accept 8889 -key "$work/key" -cert "$work/cert" >/dev/null 2>&1 &
sleep 1
during() { echo hello | timeout 3 openssl s_client -quiet -connect 127.0.0.1:8889 >/dev/null 2>&1 || true; }
capture tls.pcap tcpdump -i lo port 8889
chmod 644 "$here"/*.pcap*
