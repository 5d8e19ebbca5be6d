package io.github.libco4j.internal.loop;

import java.util.List;

/** Tells whether a coroutine is in code of its loop, or in code of the JDK that calls it. */
final class OwnCode {
    /** What every coroutine's stack begins with. */
    private static final List<String> BASE = List.of(
            "jdk.internal.vm.Continuation",
            "java.lang.VirtualThread",
            "java.lang.Thread",
            "java.lang.RunThreads",
            "io.github.libco4j.Coroutine",
            "io.github.libco4j.internal.");

    private static final List<String> OWN = List.of(
            "jdk.internal.vm.Continuation",
            "java.lang.VirtualThread",
            "java.lang.CoroutineThreads",
            "java.lang.BlockingCalls",
            "java.util.concurrent.ForkJoin",
            "sun.nio.ch.Loop",
            "sun.nio.ch.DescriptorTable",
            "io.github.libco4j.internal.");

    private OwnCode() {}

    /** Looks at a stack, the innermost frame first. Not to know counts as being in it. */
    static boolean isIn(StackTraceElement[] stack) {
        int program = stack.length - 1;
        while (program >= 0 && isOf(BASE, stack[program])) {
            program--;
        }
        for (int i = program; i >= 0; i--) {
            if (isOf(OWN, stack[i])) {
                return true;
            }
        }
        return program < 0;
    }

    private static boolean isOf(List<String> names, StackTraceElement frame) {
        for (String name : names) {
            if (frame.getClassName().startsWith(name)) {
                return true;
            }
        }
        return false;
    }
}
