package io.github.libco4j.internal.agent;

import io.github.libco4j.internal.jdk.Jdk;
import java.lang.System.Logger.Level;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves brackets of {@code BlockingCalls} into libraries, when their classes are loaded: around native methods, and around
 * ordinary ones that are named.
 */
final class LibraryWeaver implements ClassFileTransformer {
    /**
     * {@code -Dlibco4j.blocking=org.rocksdb.**,com.acme.Native,com.acme.Client.read}: all native methods of the classes of a package
     * and those below it; of a class; a method, native or not.
     */
    static final String BLOCKING = "libco4j.blocking";

    private static final String WELL_KNOWN = "org.sqlite.core.NativeDB,org.rocksdb.**,org.fusesource.leveldbjni.**";

    private final String[] patterns;

    private LibraryWeaver(String patterns) {
        this.patterns = patterns.split(",", -1);
    }

    /**
     * Weaves what the user names.
     *
     * @throws IllegalArgumentException if that is no list of patterns
     * @throws IllegalStateException if this JDK cannot be used
     * @throws UnsupportedOperationException if the manifest does not allow it
     */
    static void weaveNamed(Instrumentation with) {
        String named = System.getProperty(BLOCKING);
        if (named != null) {
            LibraryWeaver weaver = new LibraryWeaver(named);
            for (String pattern : weaver.patterns) {
                if (!pattern.matches("([\\w$]+\\.)+([\\w$]+|\\*\\*)")) {
                    throw new IllegalArgumentException("-D" + BLOCKING + "=" + named + ": \"" + pattern
                            + "\" is neither a package, as in org.rocksdb.**, nor a class, as in com.acme.Native,"
                            + " nor a method, as in com.acme.Client.read");
                }
            }
            if (!with.isNativeMethodPrefixSupported()) {
                throw new UnsupportedOperationException("the manifest of the jar that started the agent lacks"
                        + "  Can-Set-Native-Method-Prefix: true, which -D" + BLOCKING + " needs");
            }
            Jdk.require(); // It has what woven code calls.
            weaver.weave(with, "libco4j's agent: name the agent when java is started");
        }
    }

    /** Weaves the libraries that are known to block. */
    static void weaveWellKnown(Instrumentation with) {
        if (with.isNativeMethodPrefixSupported()) {
            new LibraryWeaver(WELL_KNOWN)
                    .weave(with, "the first loop: with -D" + BLOCKING + ", which names it, they are woven from the start");
        }
    }

    private void weave(Instrumentation with, String later) {
        with.addTransformer(this);
        with.setNativeMethodPrefix(this, Brackets.PREFIX);
        for (Class<?> loaded : with.getAllLoadedClasses()) {
            if (loaded.getClassLoader() != null && names(loaded.getName()) != null && !isWoven(loaded)) {
                log(loaded.getName() + "'s methods are in no brackets, since it was loaded before " + later);
            }
        }
    }

    private static boolean isWoven(Class<?> loaded) {
        boolean none = true;
        for (Method method : loaded.getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers())) {
                if (method.getName().startsWith(Brackets.PREFIX)) {
                    return true;
                }
                none = false;
            }
        }
        return none;
    }

    private static void log(String message) {
        System.getLogger("io.github.libco4j").log(Level.WARNING, message);
    }

    /** The methods of a class that are named; empty for its native ones; null if the class is not named. */
    private @Nullable Set<String> names(String type) {
        Set<String> names = null;
        for (String pattern : patterns) {
            int end = pattern.length() - 2;
            if (pattern.endsWith(".**") ? type.startsWith(pattern.substring(0, end)) : pattern.equals(type)) {
                return Set.of();
            }
            if (pattern.startsWith(type + ".")) {
                names = names == null ? new HashSet<>() : names;
                names.add(pattern.substring(type.length() + 1));
            }
        }
        return names;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> transformed,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (loader == null || name == null) {
            return null;
        }
        String type = name.replace('/', '.');
        Set<String> names = names(type);
        if (names == null) {
            return null;
        }
        try {
            byte[] woven = new Brackets(bytes).around(names, true);
            if (woven == null && !names.isEmpty()) {
                log("-D" + BLOCKING + " names what " + type + " does not have: " + names);
            }
            return woven;
        } catch (RuntimeException e) { // The JVM would swallow it.
            log(type + " cannot be put into brackets: " + e);
            return null;
        }
    }
}
