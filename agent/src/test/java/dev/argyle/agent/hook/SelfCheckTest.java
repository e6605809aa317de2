// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.net.Seam;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfCheckTest {
    @Test
    void check_ofEachHookedClass_passes() {
        assertThat(Hooked.CLASSES)
                .isNotEmpty()
                .allSatisfy(name ->
                        assertThatCode(() -> SelfCheck.check(name, false)).doesNotThrowAnyException());
    }

    @Test
    void check_ofAClassThatIsNotThere_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfCheck.check("sun/nio/ch/NoSuchImpl", false))
                .withMessageStartingWith("Cannot hook sun.nio.ch.NoSuchImpl of Java ")
                .withMessageEndingWith(": there is no such class");
    }

    /** As on systems without SCTP, where there is nothing but a message. */
    @Test
    void rewrite_ofAnSctpClassWithoutADescriptor_findsNothingToHook() throws Exception {
        assertThat(Rewriting.rewrite(Hooks.of(Hooked.SCTP_MULTI_CHANNEL_IMPL), classWith("message")))
                .isNotEmpty();
    }

    @Test
    void rewrite_ofAnSctpClassWithADescriptor_mustFindWhereItSends() {
        assertThatExceptionOfType(UnknownCodeException.class)
                .isThrownBy(() -> Rewriting.rewrite(Hooks.of(Hooked.SCTP_MULTI_CHANNEL_IMPL), classWith("fdVal")))
                .withMessageContaining("it has 0 methods send(");
    }

    @ParameterizedTest
    @CsvSource({
        "sun/nio/ch/Net, noSuchMethod",
        "sun/nio/ch/NoSuchImpl, close",
        "jdk/internal/ref/CleanerFactory, noSuchCleaner",
    })
    void check_ofASeamThatCallsWhatIsNotThere_isRefused(String owner, String method) {
        assertThatExceptionOfType(UnknownCodeException.class)
                .isThrownBy(() -> new SeamCheck(false).check(calling(owner, method, "()V")))
                .withMessageStartingWith(owner.replace('/', '.') + " has no " + method + "()V; ");
    }

    @Test
    void check_ofTheSeam_passes() throws Exception {
        for (byte[] seamClass : Seam.classes()) {
            new SeamCheck(false).check(seamClass);
        }
        new SeamCheck(false).checkReflected();
    }

    private static byte[] calling(String owner, String method, String descriptor) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, 0, "sun/nio/ch/SocksTested", null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "call", "()V", null, null);
        code.visitCode();
        code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, method, descriptor, false);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static byte[] classWith(String field) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, 0, Hooked.SCTP_MULTI_CHANNEL_IMPL, null, "java/lang/Object", null);
        writer.visitField(Opcodes.ACC_PRIVATE, field, "I", null, null).visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "sun/nio/ch/UnixNoSuchImpl, true, true",
        "sun/nio/ch/UnixNoSuchImpl, false, false",
        "sun/nio/ch/WindowsNoSuchImpl, false, true",
        "sun/nio/ch/WindowsNoSuchImpl, true, false",
        "sun/nio/ch/NoSuchImpl, true, false",
    })
    void check_ofAClassOfOneSystem_passesWhereItIsNotThere(String className, boolean windows, boolean passes)
            throws Exception {
        if (passes) {
            SelfCheck.check(className, windows);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> SelfCheck.check(className, windows));
        }
    }
}
