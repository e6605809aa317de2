// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Says a line to a service and hears one, by a Netty client on the JDK's channels. */
final class NettyOnce {
    private static final int LONGEST_LINE = 1024;

    private NettyOnce() {}

    /**
     * Connects, says the line, and returns the first one that comes.
     *
     * @throws IOException if the connection fails or no line comes in time
     */
    static String say(String host, int port, String line, int timeoutMillis) throws IOException, InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        CompletableFuture<String> answer = new CompletableFuture<>();
        try {
            Channel connected = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new LineBasedFrameDecoder(LONGEST_LINE),
                                            new StringDecoder(UTF_8),
                                            new StringEncoder(UTF_8),
                                            new FirstLine(answer));
                        }
                    })
                    .connect(host, port)
                    .sync()
                    .channel();
            connected.writeAndFlush(line + "\n").sync();
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException(failure);
        } finally {
            group.shutdownGracefully(0, timeoutMillis, TimeUnit.MILLISECONDS).sync();
        }
    }

    private static final class FirstLine extends SimpleChannelInboundHandler<String> {
        private final CompletableFuture<String> line;

        FirstLine(CompletableFuture<String> line) {
            this.line = line;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, String heard) {
            line.complete(heard);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            line.completeExceptionally(cause);
        }
    }
}
