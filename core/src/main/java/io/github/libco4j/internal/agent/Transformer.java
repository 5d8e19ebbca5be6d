package io.github.libco4j.internal.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes of the JDK: all places of which it is told, or none. It stays registered: when another agent has one of the
 * classes transformed again, the JVM begins with the original and asks every transformer anew.
 */
abstract class Transformer implements ClassFileTransformer {
    private final Set<String> places;
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Throwable failure;

    /** Weaves these places, by names of the weaver's own. */
    Transformer(Set<String> places) {
        this.places = places;
    }

    /**
     * Weaves classes, for as long as the JVM runs.
     *
     * @param what what the places are of, in the words of a failure
     * @throws IllegalStateException if a place is not found; then nothing is woven
     */
    final void weave(Instrumentation with, String what, Class<?>... classes) throws Exception {
        with.addTransformer(this, true);
        with.retransformClasses(classes);
        if (failure != null || !done.equals(places)) {
            with.removeTransformer(this);
            with.retransformClasses(classes);
            Set<String> missing = new TreeSet<>(places);
            missing.removeAll(done);
            throw new IllegalStateException("cannot weave " + what + missing, failure);
        }
    }

    /** Puts instructions at the beginning of a method. */
    static CodeTransform atStart(Consumer<CodeBuilder> instructions) {
        return CodeTransform.ofStateful(() -> new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                instructions.accept(code);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        });
    }

    /** A place has been woven. */
    final void woven(String place) {
        done.add(place);
    }

    /** What is to be done to a class of the JDK, by its internal name; null for nothing. */
    @Nullable ClassTransform transformOf(String name) {
        return null;
    }

    /** A class of the JDK, woven; null if nothing is to be done to it. */
    byte @Nullable [] transformed(String name, byte[] bytes) {
        ClassTransform transform = transformOf(name);
        if (transform == null) {
            return null;
        }
        ClassFile file = ClassFile.of();
        return file.transformClass(file.parse(bytes), transform);
    }

    /** The JVM asks for each class that it loads from now on; null means unchanged. */
    @Override
    public final byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> transformed,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (loader != null || name == null) {
            return null;
        }
        try {
            return transformed(name, bytes);
        } catch (Throwable e) {
            failure = e; // The JVM would swallow it.
            return null;
        }
    }
}
