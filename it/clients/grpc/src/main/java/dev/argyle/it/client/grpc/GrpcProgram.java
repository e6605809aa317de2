// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.argyle.it.client.Requests;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Calls a method that returns what it gets, each call on a connection of its own.
 *
 * <p>Arguments: URIs {@code grpc://host:port/text}. Prints what each call returns.
 */
public final class GrpcProgram {
    /** The method, which needs no generated code. */
    public static final MethodDescriptor<String, String> ECHO = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("argyle.Test/Echo")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private GrpcProgram() {}

    public static void main(String[] uris) throws InterruptedException {
        List<ManagedChannel> channels = new ArrayList<>();
        Requests.send(uris, uri -> {
            ManagedChannel channel = ManagedChannelBuilder.forAddress(uri.getHost(), uri.getPort())
                    .usePlaintext()
                    .build();
            channels.add(channel);
            return call(channel, uri.getPath());
        });
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static CompletableFuture<String> call(ManagedChannel channel, String text) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(channel.newCall(ECHO, CallOptions.DEFAULT), text, new StreamObserver<String>() {
            @Override
            public void onNext(String value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                answer.completeExceptionally(new IOException("ended without an answer"));
            }
        });
        return answer;
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw Status.INTERNAL.withCause(e).asRuntimeException();
            }
        }
    }
}
