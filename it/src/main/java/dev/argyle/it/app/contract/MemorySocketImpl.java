// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.util.List;

/** A program's own SocketImpl: connects to nothing, and echoes in memory. It notes the calls. */
final class MemorySocketImpl extends SocketImpl {
    private final List<String> calls;
    private final PipedInputStream in = new PipedInputStream();
    private final PipedOutputStream out = new PipedOutputStream();

    MemorySocketImpl(List<String> calls) {
        this.calls = calls;
    }

    @Override
    protected void create(boolean stream) {
        calls.add("create");
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        throw new IOException("not called by Socket");
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        throw new IOException("not called by Socket");
    }

    @Override
    protected void connect(SocketAddress target, int timeoutMillis) throws IOException {
        calls.add("connect " + timeoutMillis);
        InetSocketAddress address = (InetSocketAddress) target;
        this.address = address.getAddress();
        this.port = address.getPort();
        in.connect(out);
    }

    @Override
    protected void bind(InetAddress host, int port) {
        calls.add("bind");
    }

    @Override
    protected void listen(int backlog) {
        calls.add("listen");
    }

    @Override
    protected void accept(SocketImpl socket) throws IOException {
        throw new IOException("not a server");
    }

    @Override
    protected InputStream getInputStream() {
        return in;
    }

    @Override
    protected OutputStream getOutputStream() {
        return out;
    }

    @Override
    protected int available() throws IOException {
        return in.available();
    }

    @Override
    protected void close() {
        calls.add("close");
    }

    @Override
    protected void sendUrgentData(int data) {
        calls.add("urgent");
    }

    @Override
    public void setOption(int option, Object value) {
        calls.add("set " + option);
    }

    @Override
    public Object getOption(int option) {
        calls.add("get " + option);
        return 0;
    }
}
