// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argyle.net.Seam;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each place in the code of the JDK that the tests run on: what it calls is there, and it is not taken for another. */
class HooksTest {
    private static final String SEAM = "sun/nio/ch/Socks";

    /** A place in a class of this JDK. */
    private record Place(String className, Site site) {
        @Override
        public String toString() {
            return className + ": " + site.name() + site.descriptor;
        }

        /** What the site looks for: a call in the method, or the method itself. */
        boolean isCall() {
            return site.name().startsWith("calls of ");
        }

        boolean isMethod(String name, String descriptor) {
            return name.equals(site.method) && descriptor.startsWith(site.descriptor);
        }

        boolean isCall(String owner, String name, String descriptor) {
            return site.name().equals("calls of " + owner + "." + name + descriptor + " in " + site.method);
        }
    }

    static byte[] bytes(String className) throws IOException {
        boolean sctp = className.startsWith(Hooked.SCTP_PACKAGE);
        Module module =
                sctp ? ModuleLayer.boot().findModule(Hooked.SCTP_MODULE).orElseThrow() : Object.class.getModule();
        try (InputStream in = module.getResourceAsStream(className + ".class")) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    /** Those that this JDK has, with and without the datagrams of a Socket for instance. */
    static List<Place> places() throws IOException {
        List<Place> places = new ArrayList<>();
        for (String className : Hooked.CLASSES) {
            byte[] original = bytes(className);
            for (Site site : original.length == 0 ? List.<Site>of() : Hooks.of(className)) {
                Place place = new Place(className, site);
                if (!(site instanceof Site.Return) && site.count(shape(original)) > 0) {
                    places.add(place);
                }
            }
        }
        return places;
    }

    private static Site.ClassShape shape(byte[] original) {
        Site.ClassShape shape = new Site.ClassShape();
        new ClassReader(original)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public FieldVisitor visitField(
                                    int access, String name, String descriptor, String signature, Object value) {
                                shape.hasStreamField |= name.equals("stream");
                                shape.hasDescriptorField |= name.equals("fdVal");
                                return null;
                            }
                        },
                        ClassReader.SKIP_CODE);
        return shape;
    }

    static Stream<String> classes() throws IOException {
        List<String> present = new ArrayList<>();
        for (String className : Hooked.CLASSES) {
            if (bytes(className).length > 0) {
                present.add(className);
            }
        }
        return present.stream();
    }

    private enum Change {
        MISSING,
        ONCE_MORE
    }

    /** A class, and how often the place was found in it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Changed(byte[] bytes, int found) {}

    /** Takes a place out of a class, or puts one more of the first there is. */
    private static Changed changed(Place place, Change change) throws IOException {
        ClassReader reader = new ClassReader(bytes(place.className));
        ClassWriter writer = new ClassWriter(0);
        int[] found = new int[1];
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        if (!place.isMethod(name, descriptor)) {
                            return super.visitMethod(access, name, descriptor, signature, exceptions);
                        }
                        if (place.isCall()) {
                            return calls(super.visitMethod(access, name, descriptor, signature, exceptions));
                        }
                        found[0]++;
                        if (change == Change.ONCE_MORE) {
                            MethodVisitor second = super.visitMethod(access, name, descriptor, signature, exceptions);
                            second.visitCode();
                            second.visitInsn(Opcodes.RETURN);
                            second.visitMaxs(0, 0);
                            second.visitEnd();
                        }
                        return change == Change.MISSING
                                ? null
                                : super.visitMethod(access, name, descriptor, signature, exceptions);
                    }

                    private MethodVisitor calls(MethodVisitor next) {
                        return new MethodVisitor(Opcodes.ASM9, next) {
                            @Override
                            public void visitMethodInsn(int opcode, String o, String n, String d, boolean isInterface) {
                                int times = 1;
                                if (place.isCall(o, n, d) && found[0]++ == 0) {
                                    times = change == Change.MISSING ? 0 : 2;
                                }
                                for (int i = 0; i < times; i++) {
                                    super.visitMethodInsn(opcode, o, n, d, isInterface);
                                }
                            }
                        };
                    }
                },
                0);
        return new Changed(writer.toByteArray(), found[0]);
    }

    @ParameterizedTest
    @MethodSource("places")
    void rewrite_whereAPlaceIsMissing_isRefused(Place place) throws Exception {
        assertRefused(place, Change.MISSING, -1);
    }

    @ParameterizedTest
    @MethodSource("places")
    void rewrite_whereThereIsOneMore_isRefused(Place place) throws Exception {
        assertRefused(place, Change.ONCE_MORE, 1);
    }

    private static void assertRefused(Place place, Change change, int more) throws Exception {
        Changed changed = changed(place, change);

        assertThatExceptionOfType(UnknownCodeException.class)
                .isThrownBy(() -> Rewriting.rewrite(List.of(place.site), changed.bytes))
                .withMessageStartingWith("it has " + (changed.found + more) + " " + place.site.name() + ", expected "
                        + changed.found + "; ");
    }

    @Test
    void places_areThoseWhereDatagramsGoOutAndComeIn() throws Exception {
        assertThat(places())
                .filteredOn(each -> each.className.equals(Hooked.DATAGRAM_CHANNEL_IMPL))
                .hasSameSizeAs(DatagramHooks.datagramChannelImpl());
    }

    @ParameterizedTest
    @MethodSource("classes")
    void rewrite_callsWhatTheSeamHas(String className) throws Exception {
        Set<String> called = new HashSet<>();
        byte[] rewritten = Rewriting.rewrite(Hooks.of(className), bytes(className));
        new ClassReader(rewritten)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitMethodInsn(
                                            int opcode, String o, String n, String d, boolean isInterface) {
                                        if (o.startsWith(SEAM)) {
                                            assertThat(opcode).isEqualTo(Opcodes.INVOKESTATIC);
                                            called.add(o + "." + n + d);
                                        }
                                    }
                                };
                            }
                        },
                        0);

        assertThat(called).isNotEmpty().isSubsetOf(seam());
    }

    /** The static methods of the seam that any class can call. */
    private static Set<String> seam() throws IOException {
        Set<String> methods = new HashSet<>();
        for (byte[] seamClass : Seam.classes()) {
            ClassReader reader = new ClassReader(seamClass);
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public MethodVisitor visitMethod(
                                int access, String name, String descriptor, String signature, String[] exceptions) {
                            if ((access & Opcodes.ACC_STATIC) != 0 && (access & Opcodes.ACC_PUBLIC) != 0) {
                                methods.add(reader.getClassName() + "." + name + descriptor);
                            }
                            return null;
                        }
                    },
                    ClassReader.SKIP_CODE);
        }
        return methods;
    }
}
