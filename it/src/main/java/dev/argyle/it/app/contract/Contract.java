// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs the cases and prints a line for each, {@code case <name>: <outcome>}, in a fixed order.
 *
 * <p>Each case runs in a thread of its own under a watchdog: one that fails ({@code UNEXPECTED ...}) or hangs
 * ({@code HUNG}) does not stop the others. Lines {@code visitor <name>: <address>} name who reached a listener
 * of this program's own. Standard error holds the stack traces.
 */
public final class Contract {
    private static final long WATCHDOG_SECONDS = 40;

    private Contract() {}

    /** Takes the arguments of {@link World} and ends the JVM, whatever threads are left. */
    public static void main(String[] args) throws InterruptedException {
        World world = new World(args);
        Pattern only = Pattern.compile(world.word("only", ".*"));
        String pending = world.word("pending", "too");
        Cases cases = Cases.of(world.word("contract", "sockets"));
        for (Map.Entry<String, Case> entry : cases.byName().entrySet()) {
            boolean runs = cases.isPending(entry.getKey()) ? !pending.equals("none") : !pending.equals("only");
            if (runs && only.matcher(entry.getKey()).matches()) {
                run(world, entry.getKey(), entry.getValue());
            }
        }
        System.out.println("end");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void run(World world, String name, Case body) throws InterruptedException {
        long startNanos = System.nanoTime();
        Scene scene = new Scene(world);
        Background running = Background.platform(name, () -> {
            body.run(scene);
            return "";
        });
        String outcome;
        if (!running.ends(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
            running.printStack();
            outcome = "HUNG after " + scene.text();
        } else if (running.thrown() != null) {
            running.printStack();
            outcome = "UNEXPECTED " + running.thrown() + " after " + scene.text();
        } else {
            outcome = scene.text();
        }
        scene.close();
        System.out.println("case " + name + ": " + outcome.replace('\n', ' '));
        for (String visitor : scene.visitors()) {
            System.out.println("visitor " + name + ": " + visitor);
        }
        System.err.println(name + ": " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos) + " ms");
    }
}
