// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.client.grpc.GrpcProgram;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gRPC server that returns what it gets. */
final class GrpcTarget implements AutoCloseable {
    private final List<InetSocketAddress> visitors = new CopyOnWriteArrayList<>();
    private final Server server;

    private GrpcTarget(String address) throws IOException {
        ServerServiceDefinition echo = ServerServiceDefinition.builder("argyle.Test")
                .addMethod(GrpcProgram.ECHO, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(request);
                    answer.onCompleted();
                }))
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(address, 0))
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes transport) {
                        visitors.add((InetSocketAddress) transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                        return transport;
                    }
                })
                .addService(echo)
                .directExecutor()
                .build()
                .start();
    }

    static GrpcTarget start(String address) throws IOException {
        return new GrpcTarget(address);
    }

    int port() {
        return server.getPort();
    }

    /** Where its connections came from, in order. */
    List<InetSocketAddress> visitors() {
        return List.copyOf(visitors);
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }
}
