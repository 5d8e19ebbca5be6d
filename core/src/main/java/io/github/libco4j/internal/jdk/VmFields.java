package io.github.libco4j.internal.jdk;

import java.nio.file.Path;
import jdk.internal.loader.BootLoader;
import jdk.internal.loader.NativeLibrary;
import jdk.internal.misc.Unsafe;

/** The JVM's tables of its own fields and constants, which it exports for debuggers (vmStructs). */
final class VmFields {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long JAVA_THREAD = U.objectFieldOffset(Thread.class, "eetop");

    private final long table;
    private final long stride;
    private final long typeName;
    private final long fieldName;
    private final long offset;

    VmFields() throws ReflectiveOperationException {
        BootLoader.loadLibrary("net"); // Any library of the JDK leads to the JVM's, which it depends on.
        table = global("gHotSpotVMStructs");
        stride = global("gHotSpotVMStructEntryArrayStride");
        typeName = global("gHotSpotVMStructEntryTypeNameOffset");
        fieldName = global("gHotSpotVMStructEntryFieldNameOffset");
        offset = global("gHotSpotVMStructEntryOffsetOffset");
    }

    private static long global(String name) throws ReflectiveOperationException {
        long address = BootLoader.getNativeLibraries().find(name);
        if (address == 0) {
            address = findInJvm(name);
        }
        if (address == 0) {
            throw new NoSuchFieldException("the JVM has no " + name);
        }
        return U.getLong(address);
    }

    /** By the JVM's own file, which takes longer: for a system that does not look at what a library depends on. */
    private static long findInJvm(String name) {
        Path file = Path.of(System.getProperty("sun.boot.library.path", ""), "server", System.mapLibraryName("jvm"));
        NativeLibrary jvm = CoroutineThreads.nativeLibrary(file);
        return jvm == null ? 0 : jvm.find(name);
    }

    /** The address of the JVM's own object for a platform thread, whose type is JavaThread; 0 if the thread is not alive. */
    static long javaThread(Thread platform) {
        return U.getLong(platform, JAVA_THREAD);
    }

    /** Where a field lies in objects of its type. */
    long offset(String type, String field) throws ReflectiveOperationException {
        for (long entry = table; U.getLong(entry + fieldName) != 0; entry += stride) {
            if (isText(U.getLong(entry + fieldName), field) && isText(U.getLong(entry + typeName), type)) {
                return U.getLong(entry + offset);
            }
        }
        throw new NoSuchFieldException("the JVM names no " + type + "::" + field);
    }

    /** The value of a constant of an enumeration or the like. */
    int constant(String name) throws ReflectiveOperationException {
        long constants = global("gHotSpotVMIntConstants");
        long entrySize = global("gHotSpotVMIntConstantEntryArrayStride");
        long entryName = global("gHotSpotVMIntConstantEntryNameOffset");
        long entryValue = global("gHotSpotVMIntConstantEntryValueOffset");
        for (long entry = constants; U.getLong(entry + entryName) != 0; entry += entrySize) {
            if (isText(U.getLong(entry + entryName), name)) {
                return U.getInt(entry + entryValue);
            }
        }
        throw new NoSuchFieldException("the JVM names no " + name);
    }

    private static boolean isText(long address, String text) {
        int i = 0;
        while (i < text.length() && U.getByte(address + i) == text.charAt(i)) {
            i++;
        }
        return i == text.length() && U.getByte(address + i) == 0;
    }
}
