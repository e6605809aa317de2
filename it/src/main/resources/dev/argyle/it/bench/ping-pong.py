# Copyright The Argyle Authors
# SPDX-License-Identifier: Apache-2.0

"""The measurements of dev.argyle.it.app.pingpong.PingPong, by PySocks.

The last arguments are PingPong's; what is before them, the command of a JVM, is not of interest here.
"""

import signal
import socket
import socks
import sys
import time

OCTETS = 200
LIMIT_SECONDS = 30
WARM_UP = 20

address, echo_port, sink_port, server, server_port = sys.argv[-5:]
echo = (address, int(echo_port))
sink = (address, int(sink_port))
message = bytes(OCTETS)


def open_socket():
    # ends the program if a datagram is lost
    signal.alarm(LIMIT_SECONDS)
    opened = socks.socksocket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.set_proxy(socks.SOCKS5, server, int(server_port))
    return opened


def there_and_back(opened):
    opened.sendto(message, echo)
    if len(opened.recvfrom(OCTETS)[0]) != OCTETS:
        raise IOError("not the datagram that was sent")


def ping(count):
    opened = open_socket()
    for _ in range(WARM_UP):
        there_and_back(opened)
    nanos = []
    cpu = time.process_time_ns()
    for _ in range(count):
        begin = time.perf_counter_ns()
        there_and_back(opened)
        nanos.append(time.perf_counter_ns() - begin)
    cpu = time.process_time_ns() - cpu
    opened.close()
    nanos.sort()
    print("p50", nanos[count // 2] / 1e3)
    print("p99", nanos[count * 99 // 100] / 1e3)
    print("cpu", cpu / 1e3 / count)


def flood(millis):
    opened = open_socket()
    opened.sendto(message, sink)
    sent = 0
    cpu = time.process_time_ns()
    begin = time.perf_counter_ns()
    end = begin + millis * 1000000
    while time.perf_counter_ns() < end:
        opened.sendto(message, sink)
        sent += 1
    wall = time.perf_counter_ns() - begin
    cpu = time.process_time_ns() - cpu
    opened.close()
    print("sent", sent * 1e9 / wall)
    print("cpu", cpu / 1e3 / sent)


def exchange(count):
    opened = open_socket()
    for _ in range(count):
        there_and_back(opened)
    opened.close()


measurements = 0
for line in sys.stdin:
    if line == "\n":
        break
    what, _, amount = line.split()
    {"ping": ping, "flood": flood, "exchange": exchange}[what](int(amount))
    signal.alarm(0)
    measurements += 1
    sys.stdout.flush()
    # in one piece, for who looks at the system calls
    sys.stdout.write("done %d\n" % measurements)
    sys.stdout.flush()
