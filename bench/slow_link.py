#!/usr/bin/env python3
"""A slow link between two network namespaces of your own, for tests on weak connections.

    slow_link.py SERVER_NS CLIENT_NS DOWN_KBIT UP_KBIT ONE_WAY_MS [LOSS_PERCENT]

Makes both namespaces if they are missing and joins them by a pair of TUN devices:
the server is 10.98.0.1 in SERVER_NS, the client 10.98.0.2 in CLIENT_NS. Real kernel
TCP on both ends, so handshakes cost what they cost (a browser's own throttling leaves
them out). Runs until it is stopped; SIGUSR1 prints the bytes and packets so far as a
line of JSON and starts counting anew. Needs root and /dev/net/tun, no sch_netem.

GPRS is 50 20 250; regular 2G 250 50 150; slow 3G 400 400 200.

    slow_link.py srv cli 50 20 250 &
    ip netns exec srv gunicorn -b 10.98.0.1:8000 wsgi:application &
    ip netns exec cli curl -s -o /dev/null -w '%{time_total} %{size_download}\\n' http://10.98.0.1:8000/
"""

import contextlib
import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

QUEUE_PACKETS = 40
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
libc = ctypes.CDLL(None, use_errno=True)


def tun_in(namespace: str, device: str, address: str, peer: str) -> int:
    """Open a TUN device that lives in `namespace`; return its file descriptor."""
    if not os.path.exists(f"/run/netns/{namespace}"):
        subprocess.run(["ip", "netns", "add", namespace], check=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(there, 0):
        raise OSError(ctypes.get_errno(), "setns (are you root?)")
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", device.encode(), IFF_TUN | IFF_NO_PI))
    for command in (
        "ip link set lo up",
        f"ip addr add {address} peer {peer} dev {device}",
        f"ip link set {device} mtu 1400 up",
    ):
        subprocess.run(command.split(), check=True)
    libc.setns(home, 0)
    return fd


def main(server_ns, client_ns, down_kbit, up_kbit, one_way_ms, loss_percent=0):
    server = tun_in(server_ns, "slow-srv", "10.98.0.1", "10.98.0.2")
    client = tun_in(client_ns, "slow-cli", "10.98.0.2", "10.98.0.1")
    other = {server: client, client: server}
    name = {server: "down", client: "up"}
    rate = {server: float(down_kbit) * 125, client: float(up_kbit) * 125}
    delay, loss = float(one_way_ms) / 1000, float(loss_percent) / 100
    free_at, queued = {server: 0.0, client: 0.0}, {server: 0, client: 0}
    count = dict.fromkeys(("down_bytes", "up_bytes", "down_packets", "up_packets", "dropped"), 0)

    def report(*_):
        print(json.dumps(count), flush=True)
        count.update(dict.fromkeys(count, 0))

    signal.signal(signal.SIGUSR1, report)
    in_flight, serial = [], 0
    while True:
        wait = max(0, in_flight[0][0] - time.monotonic()) if in_flight else 1
        for source in select.select([server, client], [], [], wait)[0]:
            while True:
                try:
                    packet = os.read(source, 2048)
                except BlockingIOError:
                    break
                if packet[0] >> 4 != 4:  # IPv6 chatter is not on the bill
                    continue
                if queued[source] >= QUEUE_PACKETS or random.random() < loss:
                    count["dropped"] += 1
                    continue
                count[name[source] + "_bytes"] += len(packet)
                count[name[source] + "_packets"] += 1
                free_at[source] = (
                    max(time.monotonic(), free_at[source]) + len(packet) / rate[source]
                )
                serial, queued[source] = serial + 1, queued[source] + 1
                heapq.heappush(in_flight, (free_at[source] + delay, serial, source, packet))
        now = time.monotonic()
        while in_flight and in_flight[0][0] <= now:
            _, _, source, packet = heapq.heappop(in_flight)
            queued[source] -= 1
            with contextlib.suppress(OSError):
                os.write(other[source], packet)


if __name__ == "__main__":
    if not 6 <= len(sys.argv) <= 7:
        sys.exit(__doc__)
    with contextlib.suppress(KeyboardInterrupt):
        main(*sys.argv[1:])
