// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.argyle.it.server.Disturbance.Origin;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays the disturbances of one association, from when they were set. Confined to the relay's thread. */
final class Disturber {
    /** What is to be sent, and where from. */
    record Packet(String octets, InetSocketAddress to, Origin origin) {
        ByteBuffer buffer() {
            return ByteBuffer.wrap(octets.getBytes(ISO_8859_1));
        }
    }

    private final List<Player> players;
    private @Nullable Ending ending;

    Disturber(List<Disturbance> disturbances) {
        players = disturbances.stream().map(Player::new).toList();
    }

    boolean isHonest() {
        return players.isEmpty();
    }

    /** How the control connection has to end now, or null. */
    @Nullable
    Ending ending() {
        return ending;
    }

    /** What becomes of a datagram: of its payload on its way up, of header and payload on its way down. */
    List<Packet> disturb(Direction direction, ByteBuffer datagram, InetSocketAddress to) {
        byte[] octets = new byte[datagram.remaining()];
        datagram.get(octets);
        List<Packet> packets = List.of(new Packet(new String(octets, ISO_8859_1), to, Origin.RELAY));
        for (Player player : players) {
            List<Packet> passed = new ArrayList<>();
            for (Packet packet : packets) {
                player.play(direction, packet, passed);
            }
            packets = passed;
        }
        return packets;
    }

    /** One disturbance with what it has counted and kept back. */
    private final class Player {
        private final Disturbance disturbance;
        private final List<Packet> kept = new ArrayList<>();
        private int count;

        Player(Disturbance disturbance) {
            this.disturbance = disturbance;
        }

        void play(Direction direction, Packet packet, List<Packet> passed) {
            if (disturbance instanceof Disturbance.Lose lose && lose.direction() == direction) {
                if (++count % lose.nth() != 0) {
                    passed.add(packet);
                }
            } else if (disturbance instanceof Disturbance.Reorder reorder && reorder.direction() == direction) {
                kept.add(packet);
                if (kept.size() == reorder.count()) {
                    Collections.reverse(kept);
                    passed.addAll(kept);
                    kept.clear();
                }
            } else {
                passed.add(packet);
                if (disturbance instanceof Disturbance.Duplicate duplicate && duplicate.direction() == direction) {
                    if (++count % duplicate.nth() == 0) {
                        passed.add(packet);
                    }
                } else if (disturbance instanceof Disturbance.EndAfter end && end.direction() == direction) {
                    if (++count == end.count()) {
                        ending = end.ending();
                    }
                } else if (direction == Direction.DOWN) {
                    passed.remove(passed.size() - 1);
                    passed.addAll(forClient(packet));
                }
            }
        }

        private List<Packet> forClient(Packet packet) {
            String octets = packet.octets();
            if (disturbance instanceof Disturbance.Forge forge) {
                return List.of(of(packet, forge.octets(), forge.origin()), packet);
            }
            if (disturbance instanceof Disturbance.FromStranger) {
                return List.of(of(packet, octets, Origin.STRANGER));
            }
            if (disturbance instanceof Disturbance.Cut cut) {
                return List.of(
                        of(packet, octets.substring(0, Math.min(cut.octets(), octets.length())), packet.origin()));
            }
            Datagram header = RelayOctets.read(packet.buffer());
            if (header == null) {
                return List.of(packet);
            }
            String payload = octets.substring(octets.length() - header.octets());
            if (disturbance instanceof Disturbance.SenderName sender) {
                return List.of(with(packet, RelayOctets.of(sender.name(), header.port(), payload)));
            }
            if (disturbance instanceof Disturbance.Header other) {
                return List.of(with(
                        packet,
                        RelayOctets.of(
                                other.reserved(),
                                other.fragment(),
                                other.addressType(),
                                other.host(),
                                other.port(),
                                payload)));
            }
            if (disturbance instanceof Disturbance.Fragments fragments) {
                String start = octets.substring(0, octets.length() - payload.length());
                return fragments(packet, fragments, start, payload);
            }
            return List.of(packet);
        }

        private List<Packet> fragments(Packet packet, Disturbance.Fragments fragments, String header, String payload) {
            List<String> pieces = new ArrayList<>();
            List<Integer> begins = fragments.begins();
            for (int i = 0; i < begins.size(); i++) {
                boolean isLast = i == begins.size() - 1;
                int end = isLast ? payload.length() : Math.min(begins.get(i + 1), payload.length());
                char frag = (char) (i + 1 | (isLast ? RelayOctets.LAST_FRAGMENT : 0));
                pieces.add(header.substring(0, 2)
                        + frag
                        + header.substring(3)
                        + payload.substring(Math.min(begins.get(i), end), end));
            }
            List<Packet> packets = new ArrayList<>();
            if (fragments.order().isEmpty()) {
                pieces.forEach(piece -> packets.add(of(packet, piece, packet.origin())));
            } else {
                fragments.order().forEach(frag -> packets.add(of(packet, pieces.get(frag - 1), packet.origin())));
            }
            return packets;
        }

        private static Packet of(Packet packet, String octets, Origin origin) {
            return new Packet(octets, packet.to(), origin);
        }

        private static Packet with(Packet packet, byte[] octets) {
            return new Packet(new String(octets, ISO_8859_1), packet.to(), packet.origin());
        }
    }
}
