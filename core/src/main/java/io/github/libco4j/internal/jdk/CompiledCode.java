package io.github.libco4j.internal.jdk;

import java.lang.reflect.Method;
import jdk.internal.loader.BootLoader;
import jdk.internal.misc.Unsafe;

/** Asks the JVM what its compilers have made so far. */
public final class CompiledCode {
    private CompiledCode() {}

    /**
     * Tells whether a method of one of the classes, or of a lambda or class inside it, has been compiled: whether there
     * may be code that has the value of one of its {@code static final} fields built in. A method must have run some
     * hundred times to be compiled by itself or into another one, unless it is tiny. Takes too long for a coroutine.
     *
     * @throws ReflectiveOperationException if this JVM cannot tell
     */
    public static boolean existsFor(Iterable<Class<?>> classes) throws ReflectiveOperationException {
        String compiled = diagnosticCommand("Compiler.codelist");
        for (Class<?> type : classes) {
            if (compiled.contains(" " + type.getName() + ".") || compiled.contains(" " + type.getName() + "$")) {
                return true;
            }
        }
        return false;
    }

    /** What {@code jcmd} would print. The module {@code jdk.management} need not be there. */
    static String diagnosticCommand(String command) throws ReflectiveOperationException {
        try {
            Class<?> commands = Class.forName("com.sun.management.internal.DiagnosticCommandImpl", true, null);
            Jdk.open(commands);
            BootLoader.loadLibrary("management");
            BootLoader.loadLibrary("management_ext");
            Method execute = commands.getDeclaredMethod("executeDiagnosticCommand", String.class);
            execute.setAccessible(true);
            return (String) execute.invoke(Unsafe.getUnsafe().allocateInstance(commands), command);
        } catch (LinkageError e) {
            throw new ReflectiveOperationException("the JVM does not answer " + command, e);
        }
    }
}
