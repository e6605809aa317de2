// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures connects of Netty on one event loop: plain ones, or through a SOCKSv5 server by Netty's own handler.
 *
 * <p>Arguments: {@code address port}, and the address and port of the SOCKS server if there is one. Standard input is as
 * {@link ConnectTimes} has it.
 */
public final class NettyConnects {
    private final InetSocketAddress target;
    private final @Nullable InetSocketAddress server;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Bootstrap bootstrap;

    private NettyConnects(InetSocketAddress target, @Nullable InetSocketAddress server) {
        this.target = target;
        this.server = server;
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                // closed by a reset, so that no port is left waiting for a minute
                .option(ChannelOption.SO_LINGER, 0)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (server != null) {
                            channel.pipeline().addLast(new Socks5ProxyHandler(server));
                        }
                    }
                });
    }

    /** Measures until standard input ends. */
    public static void main(String[] args) throws Exception {
        NettyConnects connects = new NettyConnects(
                new InetSocketAddress(args[0], Integer.parseInt(args[1])),
                args.length == 2 ? null : new InetSocketAddress(args[2], Integer.parseInt(args[3])));
        ConnectTimes.whenTold(connects::measure);
        connects.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private void measure(int count, int inFlight) throws IOException, InterruptedException {
        CompletableFuture<ConnectTimes> complete = new CompletableFuture<>();
        loop.execute(() -> {
            Measurement measurement = new Measurement(count, complete);
            for (int i = 0; i < inFlight; i++) {
                measurement.connect();
            }
        });
        try {
            complete.get();
        } catch (ExecutionException failure) {
            throw new IOException(failure);
        }
    }

    /** Confined to the event loop's thread. */
    private final class Measurement {
        private final ConnectTimes times;
        private final CompletableFuture<ConnectTimes> complete;
        private int left;

        Measurement(int count, CompletableFuture<ConnectTimes> complete) {
            this.complete = complete;
            left = count;
            times = ConnectTimes.begin(count);
        }

        void connect() {
            if (left == 0) {
                return;
            }
            left--;
            long begunNanos = System.nanoTime();
            ChannelFuture connect = bootstrap.connect(target);
            // on the event loop, so that the channel has its handler by now
            Future<?> open = server == null
                    ? connect
                    : connect.channel().pipeline().get(Socks5ProxyHandler.class).connectFuture();
            open.addListener(ended -> ended(ended, connect.channel(), begunNanos));
        }

        private void ended(Future<?> open, Channel channel, long begunNanos) {
            long openNanos = System.nanoTime();
            if (!open.isSuccess()) {
                complete.completeExceptionally(open.cause());
                return;
            }
            channel.close().addListener(closed -> {
                times.add(begunNanos, openNanos);
                if (times.isComplete()) {
                    times.say();
                    complete.complete(times);
                } else {
                    connect();
                }
            });
        }
    }
}
