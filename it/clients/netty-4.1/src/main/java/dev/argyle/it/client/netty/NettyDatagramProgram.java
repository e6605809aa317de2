// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.argyle.it.client.Requests;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says something at once to services that send back what they get, on the channels of the JDK and two event loops, every
 * other time from a channel that is connected.
 *
 * <p>Arguments: URIs {@code udp://host:port/text}. Prints what comes back.
 */
@SuppressWarnings({
    "deprecation", // the event loops of 4.1, which programs go on to use with 4.2
    "FutureReturnValueIgnored", // Netty tells the handlers
})
public final class NettyDatagramProgram {
    private static final int EVENT_LOOPS = 2;
    private static final int TIMEOUT_SECONDS = 20;

    private NettyDatagramProgram() {}

    public static void main(String[] uris) throws InterruptedException {
        EventLoopGroup group = new NioEventLoopGroup(EVENT_LOOPS);
        boolean[] connected = new boolean[1];
        try {
            Requests.send(uris, uri -> {
                connected[0] = !connected[0];
                return connected[0] ? connect(group, uri) : bind(group, uri);
            });
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static CompletableFuture<String> connect(EventLoopGroup group, URI uri) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        bootstrap(group, answer).connect(uri.getHost(), uri.getPort()).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                send(done.channel(), Unpooled.copiedBuffer(uri.getPath(), UTF_8), answer);
            } else {
                answer.completeExceptionally(done.cause());
            }
        });
        return answer;
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static CompletableFuture<String> bind(EventLoopGroup group, URI uri) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        bootstrap(group, answer).bind(0).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                InetSocketAddress target = new InetSocketAddress(uri.getHost(), uri.getPort());
                send(done.channel(), new DatagramPacket(Unpooled.copiedBuffer(uri.getPath(), UTF_8), target), answer);
            } else {
                answer.completeExceptionally(done.cause());
            }
        });
        return answer;
    }

    private static Bootstrap bootstrap(EventLoopGroup group, CompletableFuture<String> answer) {
        answer.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return new Bootstrap().group(group).channel(NioDatagramChannel.class).handler(new Receiver(answer));
    }

    private static void send(Channel channel, Object message, CompletableFuture<String> answer) {
        channel.writeAndFlush(message).addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                answer.completeExceptionally(done.cause());
            }
        });
    }

    private static final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final CompletableFuture<String> answer;

        Receiver(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            answer.complete(packet.content().toString(UTF_8).substring(1));
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.completeExceptionally(new PortUnreachableException("closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
            context.close();
        }
    }
}
