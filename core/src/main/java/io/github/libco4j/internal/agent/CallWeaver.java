package io.github.libco4j.internal.agent;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves brackets of {@code BlockingCalls} into the JDK, around the methods that make a call that may really block. Some of these
 * have brackets by the JDK itself, which serve only on threads of the JDK's class {@code CarrierThread}.
 */
final class CallWeaver extends Transformer {
    /**
     * By class, the methods; none for all that call native methods of their own class. What ends in one of these is not named:
     * the streams of processes and standard streams, and zip and jar files, are read by FileInputStream and RandomAccessFile.
     */
    private static final Map<String, Set<String>> PLACES = places(
            "java/io/FileDescriptor",
            "java/io/FileInputStream",
            "java/io/FileOutputStream",
            "java/io/RandomAccessFile",
            "java/io/UnixFileSystem",
            "java/lang/ProcessHandleImpl",
            "java/lang/ProcessHandleImpl$Info",
            "java/lang/ProcessImpl start",
            "java/lang/Thread start", // Of platform threads: it waits until the new one runs.
            "java/net/Inet4AddressImpl",
            "java/net/Inet6AddressImpl",
            "java/net/InetAddress$PlatformResolver lookupByName lookupByAddress",
            "java/net/NetworkInterface",
            "java/nio/MappedByteBuffer load force",
            "java/util/TimeZone setDefaultZone",
            "jdk/internal/foreign/MappedMemorySegmentImpl load force",
            "jdk/internal/loader/NativeLibraries$NativeLibraryImpl open",
            "jdk/internal/loader/RawNativeLibraries$RawNativeLibraryImpl open",
            "sun/nio/ch/UnixDomainSockets bind",
            "sun/nio/ch/UnixFileDispatcherImpl force map seek size truncate",
            "sun/nio/fs/LinuxFileSystem directCopy",
            "sun/nio/fs/LinuxNativeDispatcher",
            "sun/nio/fs/UnixFileSystem bufferedCopy",
            "sun/nio/fs/UnixNativeDispatcher",
            "sun/nio/fs/UnixUserPrincipals fromUid fromGid");

    CallWeaver() {
        super(PLACES.keySet());
    }

    private static Map<String, Set<String>> places(String... lines) {
        Map<String, Set<String>> places = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", 0);
            places.put(words[0], Set.of(Arrays.copyOfRange(words, 1, words.length)));
        }
        return places;
    }

    void weave(Instrumentation with) throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : PLACES.keySet()) {
            classes.add(Class.forName(name.replace('/', '.'), false, null));
        }
        weave(with, "brackets into ", classes.toArray(new Class<?>[0]));
    }

    @Override
    byte @Nullable [] transformed(String name, byte[] bytes) {
        Set<String> methods = PLACES.get(name);
        byte[] woven = methods == null ? null : new Brackets(bytes).around(methods, false);
        if (woven != null) {
            woven(name);
        }
        return woven;
    }
}
