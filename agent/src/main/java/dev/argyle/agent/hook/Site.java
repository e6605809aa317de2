// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A place in a method, how often it must be found, and how it is rewritten. No rewriting adds a local variable, and at most
 * one frame, so that the JDK's own code stays as it is.
 */
abstract class Site {
    static final String SEAM = "sun/nio/ch/SocksSeam";
    static final String CHANNELS = "sun/nio/ch/SocksChannels";
    static final String DATAGRAMS = "sun/nio/ch/SocksDatagrams";
    static final String LISTENERS = "sun/nio/ch/SocksListeners";
    static final String GUARD = "sun/nio/ch/SocksGuard";

    /** More than any rewriting below pushes. */
    private static final int STACK = 8;

    final String method;
    final String descriptor;
    final int count;

    /** @param descriptor the method's, or what it begins with where JDKs differ in the rest */
    Site(String method, String descriptor, int count) {
        this.method = method;
        this.descriptor = descriptor;
        this.count = count;
    }

    /** As a message names it. */
    abstract String name();

    /** How often it must be found in a class of this shape. */
    int count(ClassShape shape) {
        return count;
    }

    /** Rewrites a method that this site is in. */
    abstract MethodVisitor rewrite(ClassShape shape, MethodVisitor next, Hits hits);

    /** Counts what was found. */
    static final class Hits {
        int count;
    }

    /** What a rewriting must know of the class. Complete when the first method is visited. */
    static final class ClassShape {
        /** JDK 17 and 21 have datagram "streams" in NioSocketImpl. */
        boolean hasStreamField;

        /** From JDK 21 on a virtual thread makes the descriptor of a blocking channel non-blocking. */
        boolean hasForcedNonBlockingField;

        /** Where the system has no SCTP the classes for it only say so, and have no descriptor. */
        boolean hasDescriptorField;

        static final String FORCED_NON_BLOCKING = "forcedNonBlocking";
    }

    private abstract static class Rewriter extends MethodVisitor {
        final Hits hits;

        Rewriter(MethodVisitor next, Hits hits) {
            super(Opcodes.ASM9, next);
            this.hits = hits;
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(maxStack + STACK, maxLocals);
        }
    }

    /** A call, in place of which the seam is called. */
    abstract static class Call extends Site {
        private final String owner;
        private final String call;
        private final String callDescriptor;

        Call(String method, String descriptor, int count, String owner, String call, String callDescriptor) {
            super(method, descriptor, count);
            this.owner = owner;
            this.call = call;
            this.callDescriptor = callDescriptor;
        }

        @Override
        final String name() {
            return "calls of " + owner + "." + call + callDescriptor + " in " + method;
        }

        @Override
        final MethodVisitor rewrite(ClassShape shape, MethodVisitor next, Hits hits) {
            if (count(shape) == 0) {
                return next;
            }
            return new Rewriter(next, hits) {
                @Override
                public void visitMethodInsn(int opcode, String o, String n, String d, boolean isInterface) {
                    if (o.equals(owner) && n.equals(call) && d.equals(callDescriptor)) {
                        hits.count++;
                        replace(shape, this.mv, opcode);
                    } else {
                        super.visitMethodInsn(opcode, o, n, d, isInterface);
                    }
                }
            };
        }

        /** Writes what stands in place of the call. */
        abstract void replace(ClassShape shape, MethodVisitor out, int opcode);
    }

    /** What becomes of what the seam answers at the head of a method. */
    enum Then {
        /** There is no answer. */
        GO_ON,
        /** The method ends with it, unless it is null. */
        RETURN,
        /** The method ends with false if it is true. */
        RETURN_FALSE,
        /** The method goes on with it in place of what the seam was given last. */
        REPLACE
    }

    /**
     * What the seam is given.
     *
     * @param local the local variable that holds it
     * @param field "owner.name" of the field of the object there that is given instead; empty for what is there itself
     */
    record Given(int local, String field, String descriptor) {
        static Given self(String descriptor) {
            return new Given(0, "", descriptor);
        }

        static Given argument(int local, String descriptor) {
            return new Given(local, "", descriptor);
        }

        void load(MethodVisitor out) {
            out.visitVarInsn(descriptor.equals("I") ? Opcodes.ILOAD : Opcodes.ALOAD, local);
            if (!field.isEmpty()) {
                int dot = field.indexOf('.');
                out.visitFieldInsn(Opcodes.GETFIELD, field.substring(0, dot), field.substring(dot + 1), descriptor);
            }
        }

        void store(MethodVisitor out) {
            out.visitVarInsn(descriptor.equals("I") ? Opcodes.ISTORE : Opcodes.ASTORE, local);
        }
    }

    /** The head of a method. */
    static class Head extends Site {
        private final String owner;
        private final String hook;
        private final String answer;
        private final Then then;
        private final List<Given> given;

        /**
         * @param owner of the hook
         * @param answer the descriptor of what the seam answers
         * @param given what it is given, the last of which its answer replaces
         */
        Head(String method, String descriptor, String owner, String hook, String answer, Then then, Given... given) {
            super(method, descriptor, 1);
            this.owner = owner;
            this.hook = hook;
            this.answer = answer;
            this.then = then;
            this.given = List.of(given);
        }

        @Override
        final String name() {
            return "methods " + method + descriptor;
        }

        @Override
        final MethodVisitor rewrite(ClassShape shape, MethodVisitor next, Hits hits) {
            return new Rewriter(next, hits) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    hits.count++;
                    StringBuilder hookDescriptor = new StringBuilder("(");
                    for (Given each : given) {
                        each.load(this);
                        hookDescriptor.append(each.descriptor());
                    }
                    hookDescriptor.append(')').append(answer);
                    visitMethodInsn(Opcodes.INVOKESTATIC, owner, hook, hookDescriptor.toString(), false);
                    switch (then) {
                        case GO_ON -> {}
                        case RETURN -> returnIfNotNull();
                        case RETURN_FALSE -> returnFalseIfTrue();
                        case REPLACE -> given.get(given.size() - 1).store(this);
                    }
                }

                private void returnIfNotNull() {
                    Label goOn = new Label();
                    visitInsn(Opcodes.DUP);
                    visitJumpInsn(Opcodes.IFNULL, goOn);
                    visitInsn(Opcodes.ARETURN);
                    visitLabel(goOn);
                    String type = answer.startsWith("[") ? answer : answer.substring(1, answer.length() - 1);
                    visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {type});
                    visitInsn(Opcodes.POP);
                }

                private void returnFalseIfTrue() {
                    Label goOn = new Label();
                    visitJumpInsn(Opcodes.IFEQ, goOn);
                    visitInsn(Opcodes.ICONST_0);
                    visitInsn(Opcodes.IRETURN);
                    visitLabel(goOn);
                    visitFrame(Opcodes.F_SAME, 0, null, 0, null);
                }
            };
        }
    }

    /**
     * Each return of an object: the seam is given it and answers what is returned instead. Behind a {@link Head} of the same
     * method in the list of sites, or that one's return is taken for one of the JDK's.
     */
    static final class Return extends Site {
        private final String hook;
        private final String type;
        private final List<Given> given;

        /** @param given what the seam is given besides */
        Return(String method, String descriptor, int count, String hook, String type, Given... given) {
            super(method, descriptor, count);
            this.hook = hook;
            this.type = type;
            this.given = List.of(given);
        }

        @Override
        String name() {
            return "returns of " + method;
        }

        @Override
        MethodVisitor rewrite(ClassShape shape, MethodVisitor next, Hits hits) {
            return new Rewriter(next, hits) {
                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.ARETURN) {
                        hits.count++;
                        StringBuilder hookDescriptor = new StringBuilder("(").append(type);
                        for (Given each : given) {
                            each.load(this);
                            hookDescriptor.append(each.descriptor());
                        }
                        hookDescriptor.append(')').append(type);
                        visitMethodInsn(Opcodes.INVOKESTATIC, SEAM, hook, hookDescriptor.toString(), false);
                    }
                    super.visitInsn(opcode);
                }
            };
        }
    }
}
