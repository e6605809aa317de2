// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one SOCKSv5 handshake: bytes in, bytes out, like an {@code SSLEngine} (RFC 1928, RFC 1929).
 *
 * <p>Whoever has the connection drives it: sends {@link #output}, hands in what {@link #needed} asks for, runs the
 * {@link #task} where there is one, and looks at {@link #state}. A handshake never takes an octet that is behind the last
 * reply, so a caller that reads no more than is needed leaves the application's first octets where they are.
 *
 * <pre>
 *   state            when                                            next
 *   Negotiating      METHOD is one without an exchange               Requested
 *                    METHOD is one with an exchange                  Authenticating
 *                    METHOD is FF or was not offered; VER is not 5   Failed
 *   Authenticating   the exchange has a task                         NeedTask
 *                    the server accepts                              Requested
 *                    the server refuses, or breaks the method's RFC  Failed
 *   NeedTask         the task has run                                Authenticating or Requested
 *                    the task has failed                             Failed
 *   Requested        REP 0, the reply is complete                    Established, for BIND Bound
 *                    REP not 0; VER or ATYP unknown                  Failed
 *   Bound            as Requested                                    Established or Failed
 *   Established, Failed                                              none
 *   all others       end()                                           Failed
 * </pre>
 *
 * With {@link Flight#SINGLE} the states are the same, only that all output is there from the beginning.
 *
 * <p>Confined to one thread at a time; the thread that runs a task is the one for that time, and to give the handshake to
 * it and back needs a happens-before edge, as any executor gives.
 */
public final class Handshake {
    /** How the client's messages are grouped. */
    public enum Flight {
        /** Each message waits for the answer to the one before it, as RFC 1928 has it. */
        STEPWISE,
        /**
         * Greeting, sub-negotiation and request go out at once, for servers known to bear it; a password goes before the
         * server has asked for it.
         */
        SINGLE
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Command command;
    private final List<Authentication> offered;
    private final ByteBuffer request;
    private final ByteBuffer selection = ByteBuffer.allocate(MethodSelection.ANSWER_OCTETS);

    private ByteBuffer output;
    private State state = new State.Negotiating();
    private Stage stage = Stage.METHOD;
    private int method = -1;
    private Authentication.@Nullable Exchange exchange;
    private Authentication.@Nullable Task due;
    private ReplyReader replyReader;
    private int repliesLeft;
    // of the message that is coming in, for the words at an early end
    private int taken;

    private Handshake(Command command, Address destination, List<Authentication> offered, Flight flight) {
        this.offered = List.copyOf(offered);
        this.command = command;
        this.request = Request.of(command, destination);
        this.repliesLeft = command.replies();
        this.replyReader = new ReplyReader(command == Command.BIND ? ReplyReader.Which.BOUND : ReplyReader.Which.ONLY);
        this.output = MethodSelection.greeting(this.offered);
        if (flight == Flight.SINGLE) {
            Authentication only = this.offered.get(0);
            if (this.offered.size() != 1 || !only.knownInAdvance()) {
                throw new IllegalArgumentException(
                        "single flight: needs one method, whose octets are known before the server answers");
            }
            Authentication.Exchange begun = only.begin();
            this.exchange = begun;
            append(begun.output());
            append(request);
        }
    }

    /**
     * Begins a CONNECT, message by message.
     *
     * @param destination what the server is to connect to
     * @param offered the methods in the order of preference
     * @throws IllegalArgumentException if none or more than 255 methods are offered, one twice, or one that is not 0 to 254
     */
    public static Handshake connect(Address destination, List<Authentication> offered) {
        return of(Command.CONNECT, destination, offered, Flight.STEPWISE);
    }

    /**
     * Begins a handshake.
     *
     * @param destination DST.ADDR and DST.PORT, in the meaning that the command gives them
     * @param offered the methods in the order of preference
     * @throws IllegalArgumentException if none or more than 255 methods are offered, one twice, or one that is not 0 to
     *     254; for a single flight also if there is more than one, or its octets are not known in advance
     */
    public static Handshake of(Command command, Address destination, List<Authentication> offered, Flight flight) {
        return new Handshake(command, destination, offered, flight);
    }

    /**
     * Returns what is to be sent now, from its position to its limit; empty if nothing. Backed by an array. What the caller
     * reads from it counts as sent; what is left it gets again. It may hold a password.
     */
    public ByteBuffer output() {
        return output;
    }

    /**
     * Returns how many octets of the server are wanted next, exactly: the server sends at least so many if all goes well,
     * and a caller need not wait for all of them to hand in what there is. 0 while there is output, a task is due, or the
     * handshake has ended.
     */
    public int needed() {
        if (output.hasRemaining()) {
            return 0;
        }
        return missing();
    }

    private int missing() {
        if (state instanceof State.Negotiating) {
            return selection.remaining();
        }
        if (state instanceof State.Authenticating && exchange != null) {
            return exchange.needed();
        }
        if (state instanceof State.Requested || state instanceof State.Bound) {
            return replyReader.needed();
        }
        return 0;
    }

    /**
     * Takes octets of the server, in any split, no more than are needed: it goes on over several messages while nothing is
     * to be sent between them, and stops behind each reply. What it leaves belongs to what comes next.
     *
     * @throws SocksException if the handshake fails by them; the state is then {@link State.Failed}
     * @throws IllegalStateException if it has failed before
     */
    public void input(ByteBuffer source) throws SocksException {
        refuseAfterFailure();
        State before = state;
        int wanted = needed();
        while (wanted > 0 && source.hasRemaining()) {
            int limit = source.limit();
            int length = Math.min(wanted, source.remaining());
            source.limit(source.position() + length);
            try {
                taken += length;
                take(source);
            } catch (SocksException e) {
                throw fail(e);
            } finally {
                source.limit(limit);
            }
            if (state instanceof State.Bound && state != before) {
                return;
            }
            wanted = needed();
        }
    }

    private void take(ByteBuffer source) throws SocksException {
        if (stage == Stage.METHOD) {
            selection.put(source);
            if (!selection.hasRemaining()) {
                select();
            }
        } else if (stage == Stage.AUTHENTICATION) {
            Authentication.Exchange current = Objects.requireNonNull(exchange);
            current.input(source);
            if (source.hasRemaining()) {
                throw new IllegalStateException("method " + Socks5.hex(method) + " left octets that it had asked for");
            }
            authenticate(current);
        } else {
            replyReader.input(source);
            Reply reply = replyReader.reply();
            if (reply != null) {
                replied(reply);
            }
        }
    }

    private void select() throws SocksException {
        Authentication chosen = MethodSelection.chosen(selection.get(0) & 0xFF, selection.get(1) & 0xFF, offered);
        method = chosen.method();
        stage = Stage.AUTHENTICATION;
        state = new State.Authenticating();
        taken = 0;
        Authentication.Exchange current = exchange == null ? chosen.begin() : exchange;
        exchange = current;
        authenticate(current);
    }

    private void authenticate(Authentication.Exchange current) {
        ByteBuffer message = current.output();
        if (message.hasRemaining()) {
            append(message);
            taken = 0;
        }
        due = current.task();
        if (due != null) {
            state = new State.NeedTask();
            taken = 0;
        } else if (current.done()) {
            stage = Stage.REQUEST;
            state = new State.Requested();
            taken = 0;
            // nothing is left of it if it went with the greeting
            append(request);
        } else {
            state = new State.Authenticating();
        }
    }

    private void replied(Reply reply) {
        taken = 0;
        repliesLeft--;
        if (repliesLeft == 0) {
            state = new State.Established(reply);
        } else {
            state = new State.Bound(reply);
            replyReader = new ReplyReader(ReplyReader.Which.ACCEPTED);
        }
    }

    /**
     * Says that the server has closed the connection.
     *
     * @throws SocksException always: what that means in this state, which becomes {@link State.Failed}
     * @throws IllegalStateException if the handshake has ended: after success the end is the application's to see
     */
    public void end() throws SocksException {
        refuseAfterFailure();
        if (state instanceof State.Established) {
            throw new IllegalStateException("the handshake has succeeded: what follows is the application's");
        }
        if (stage == Stage.METHOD && selection.position() == 1 && selection.get(0) != Socks5.VERSION) {
            throw fail(MethodSelection.unsupportedVersion(selection.get(0) & 0xFF, -1));
        }
        throw fail(new SocksException(SocksException.Kind.CLOSED, stage, -1, closed()));
    }

    private String closed() {
        if (taken > 0) {
            boolean lengthUnknown = stage == Stage.REQUEST && taken < ReplyReader.HEAD_OCTETS;
            return "the server closed the connection within its " + message() + ": " + taken + " of "
                    + (lengthUnknown ? "at least " : "") + (taken + missing()) + " octets came";
        }
        if (stage == Stage.METHOD) {
            return "the server closed the connection without an answer to the greeting; one that is no SOCKS5 server,"
                    + " or does not serve this client, does so";
        }
        if (stage == Stage.AUTHENTICATION) {
            return "the server closed the connection during authentication (method " + Socks5.hex(method)
                    + "); some do so when they refuse the credentials";
        }
        if (state instanceof State.Bound) {
            return "the server closed the connection without the second reply to BIND; it does so when it waits for the"
                    + " peer no longer";
        }
        if (command == Command.UDP_ASSOCIATE) {
            return "the server closed the connection without a reply; one that carries no datagrams may do so";
        }
        if (command == Command.BIND) {
            return "the server closed the connection without a reply; one that has no BIND may do so";
        }
        return "the server closed the connection without a reply; OpenSSH does so when the target refuses or cannot be"
                + " reached";
    }

    private String message() {
        return switch (stage) {
            case METHOD -> "choice of a method";
            case AUTHENTICATION -> "authentication message";
            case REQUEST -> "reply";
        };
    }

    /** Returns where the handshake stands. */
    public State state() {
        return state;
    }

    /** Returns which exchange is going on, or was when the handshake ended. */
    public Stage stage() {
        return stage;
    }

    /** Returns the METHOD octet that the server chose among those offered, or -1 before it has. */
    public int method() {
        return method;
    }

    /**
     * Returns the task that is due in {@link State.NeedTask}. It may block or call out, so it is not for a thread that
     * others wait for; it runs once, and leaves the handshake in its next state, {@link State.Failed} if it failed.
     *
     * @throws IllegalStateException in another state
     */
    public Runnable task() {
        Authentication.Task task = due;
        if (task == null) {
            throw new IllegalStateException("no task is due");
        }
        return new Runnable() {
            @Override
            public void run() {
                runTask(task);
            }
        };
    }

    private void runTask(Authentication.Task task) {
        if (due != task) {
            throw new IllegalStateException("the task is not due: it has run, or the handshake has ended");
        }
        // before it runs: an Error that it throws must not leave it to be run again
        due = null;
        try {
            task.run();
            authenticate(Objects.requireNonNull(exchange));
        } catch (SocksException e) {
            fail(e);
        } catch (Exception e) {
            // it called out: whatever came of that must not leave a handshake that never ends; its message is not ours
            fail(new SocksException(
                    SocksException.Kind.AUTHENTICATION_FAILED,
                    Stage.AUTHENTICATION,
                    -1,
                    "the client could not go on with authentication (method " + Socks5.hex(method) + ")",
                    e));
        }
    }

    private SocksException fail(SocksException failure) {
        state = new State.Failed(failure);
        output = NOTHING;
        due = null;
        return failure;
    }

    private void refuseAfterFailure() {
        if (state instanceof State.Failed failed) {
            throw new IllegalStateException("the handshake has failed", failed.failure());
        }
    }

    private void append(ByteBuffer message) {
        ByteBuffer joined = ByteBuffer.allocate(output.remaining() + message.remaining());
        output = joined.put(output).put(message).flip();
    }
}
